import type { Session } from "../../server/src/db/database";

/**
 * Everything that the server's own views tell of a schema, with the schema's name taken out: another look at it than the
 * comparison under test has. The name must be one that is nowhere else.
 */
export async function catalogTruth(session: Session, schema: string): Promise<string[]> {
  const lines: string[] = [];
  for (const [what, query] of Object.entries(queries)) {
    const rows = await session.query<{ row: string }>(
      `select (to_jsonb(q) - '{ordinal_position,dtd_identifier}'::text[])::text as row from (${query.replaceAll("$1", `'${schema.replaceAll("'", "''")}'`)}) q`,
    );
    const told = rows.map(
      ({ row }) => `${what} ${row.replaceAll(`\\"${schema}\\".`, `${schema}.`).replaceAll(schema, "<schema>")}`,
    );
    lines.push(...told.sort());
  }
  return lines;
}

/** The columns of a view of the information schema, without what only numbers objects. */
const schemaView = (view: string, column = "table_schema") =>
  `select * from information_schema.${view} where ${column} = $1`;

const queries: Readonly<Record<string, string>> = {
  table: schemaView("tables"),
  column: schemaView("columns"),
  view: schemaView("views"),
  check:
    "select constraint_name, check_clause from information_schema.check_constraints where constraint_schema = $1 and constraint_name !~ '^\\d+_\\d+_'",
  key: schemaView("key_column_usage"),
  constraint:
    "select table_name, constraint_name, constraint_type, is_deferrable, initially_deferred, enforced from information_schema.table_constraints where table_schema = $1 and constraint_name !~ '^\\d+_\\d+_'",
  reference: schemaView("referential_constraints", "constraint_schema"),
  trigger: schemaView("triggers", "trigger_schema"),
  routine:
    "select routine_name, routine_type, data_type, type_udt_schema, type_udt_name, routine_body, routine_definition, external_language, is_deterministic, sql_data_access, is_null_call, security_type from information_schema.routines where routine_schema = $1",
  parameter:
    "select regexp_replace(specific_name, '_\\d+$', '') as routine, ordinal_position, parameter_mode, parameter_name, data_type, udt_schema, udt_name, parameter_default from information_schema.parameters where specific_schema = $1",
  sequence: schemaView("sequences", "sequence_schema"),
  domain: schemaView("domains", "domain_schema"),
  domainConstraint:
    "select domain_name, constraint_name from information_schema.domain_constraints where domain_schema = $1",
  attribute: schemaView("attributes", "udt_schema"),
  tablePrivilege: schemaView("table_privileges"),
  columnPrivilege: schemaView("column_privileges"),
  routinePrivilege:
    "select grantor, grantee, routine_name, privilege_type, is_grantable from information_schema.routine_privileges where routine_schema = $1",
  usagePrivilege: schemaView("usage_privileges", "object_schema"),
  index: "select tablename, indexname, tablespace, indexdef from pg_indexes where schemaname = $1",
  policy: "select * from pg_policies where schemaname = $1",
  rule: "select * from pg_rules where schemaname = $1",
  materialized: "select * from pg_matviews where schemaname = $1",
  owner:
    "select schemaname, tablename, tableowner, hasindexes, hasrules, hastriggers, rowsecurity from pg_tables where schemaname = $1",
  statistics:
    "select statistics_name, statistics_owner, attnames, exprs, kinds from pg_stats_ext where statistics_schemaname = $1",
  inheritance:
    "select inhrelid::regclass::text as child, inhparent::regclass::text as parent, inhseqno from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1",
  relation:
    "select relname, relkind, relpersistence, reloptions, relreplident, relforcerowsecurity, relispartition, pg_get_expr(relpartbound, c.oid) as bound, pg_get_partkeydef(c.oid) as key, relacl::text, pg_get_userbyid(relowner) as owner, relchecks, relnatts - (select count(*) from pg_attribute a where a.attrelid = c.oid and attisdropped) as columns, relispopulated from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and relkind <> 'i'",
  storage:
    "select c.relname, attname, attstorage, attcompression, attstattarget, attoptions, attislocal, attinhcount, attacl::text from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and attnum > 0 and not attisdropped",
  switch:
    "select c.relname, tgname, tgenabled, pg_get_triggerdef(t.oid) as definition from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and not tgisinternal",
  everyConstraint:
    "select conrelid::regclass::text, conname, contype, convalidated, condeferrable, condeferred, conislocal, coninhcount, connoinherit and contype not in ('p', 'u') as connoinherit, pg_get_constraintdef(c.oid) as definition from pg_constraint c join pg_namespace n on n.oid = c.connamespace where n.nspname = $1",
  everyFunction:
    "select proname, pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as result, prosrc, proconfig, provolatile, proisstrict, proleakproof, prosecdef, proparallel, procost, prorows, prokind, proacl::text, pg_get_userbyid(proowner) as owner, pg_get_function_sqlbody(p.oid) as body from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = $1",
  enum: "select typname, enumlabel, row_number() over (partition by typname order by enumsortorder) as place from pg_enum e join pg_type t on t.oid = e.enumtypid join pg_namespace n on n.oid = t.typnamespace where n.nspname = $1",
  type: "select typname, typtype, typnotnull, format_type(typbasetype, typtypmod) as base, typdefault, typacl::text, pg_get_userbyid(typowner) as owner from pg_type t join pg_namespace n on n.oid = t.typnamespace where n.nspname = $1",
  range:
    "select rngtypid::regtype::text, rngsubtype::regtype::text, rngmultitypid::regtype::text from pg_range r join pg_type t on t.oid = r.rngtypid join pg_namespace n on n.oid = t.typnamespace where n.nspname = $1",
  operator:
    "select oprname, oprcode::text, oprleft::regtype::text, oprright::regtype::text, oprcom::regoper::text from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where n.nspname = $1",
  schema: "select pg_get_userbyid(nspowner) as owner, nspacl::text from pg_namespace where nspname = $1",
  defaultPrivileges:
    "select pg_get_userbyid(defaclrole) as role, defaclobjtype, defaclacl::text from pg_default_acl d join pg_namespace n on n.oid = d.defaclnamespace where n.nspname = $1",
  comment: `select d.classoid::regclass::text, d.description, i.type, i.identity, d.objsubid <> 0 as of_column from pg_description d
    cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i where i.schema = $1 or i.identity like '%' || $1 || '.%' or i.name = $1`,
};
