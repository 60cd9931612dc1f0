import { dependenciesFunction } from "./dependenciesFunction";
import { constraints, indexes, memberships, policies, triggersAndRules } from "./dependents";
import { columns, relations } from "./relations";
import { routines } from "./routines";
import { others, schemaItself } from "./schemaItself";
import { types } from "./types";

/**
 * The function that tells what is in schemas, one row for each object. Whatever the server writes as SQL is written while the
 * schema is the first of the search path: what is its own stands without a schema, and all else with one. The query is planned
 * once for a session; it finds everything through indexes, so that a schema costs the same however many there are.
 */
export const shapeFunctions = `
create or replace function tenantry.shape(schemas oid[])
returns table (schema_id oid, kind text, parent text, name text, definition json)
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $shape$
#variable_conflict use_column
begin
  if current_setting('server_version_num')::integer < 150000 then
    raise exception using errcode = '0A000', message = 'Schemas can be compared and copied on PostgreSQL 15 and newer.';
  end if;
  return query
  select n.oid, item.kind, item.parent, item.name, item.definition
  from unnest(schemas) as wanted (id)
  join pg_namespace n on n.oid = wanted.id
  cross join lateral (
    select set_config('search_path', quote_ident(n.nspname) || ', pg_catalog', true) as set, replace(n.nspname, '"', '""') as written,
      format('"%s"(?=\\s*\\.)|(?<![[:alnum:]_$".])%s(?=\\s*\\.)|(?<='')%s(?='')', replace(escaped, '"', '""'), escaped, escaped) as own,
      format('"%s"|(?<![[:alnum:]_$".])%s(?![[:alnum:]_$"])', replace(escaped, '"', '""'), escaped) as own_in_list
    from (select regexp_replace(n.nspname, '([^[:alnum:]_])', '\\\\\\1', 'g') as escaped offset 0) e
    offset 0
  ) path
  cross join lateral (
    with own as materialized (
      select d.classid, d.objid from pg_depend d
      where d.refclassid = 'pg_namespace'::regclass and d.refobjid = n.oid and d.deptype = 'n' and path.set is not null
        and not exists (select from pg_depend e where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e')
    ), rel as materialized (
      select c.*, quote_ident(c.relname) as label from own join pg_class c on c.oid = own.objid where own.classid = 'pg_class'::regclass
      union all
      select c.*, quote_ident(c.relname) from own join pg_type t on t.oid = own.objid join pg_class c on c.oid = t.typrelid
      where own.classid = 'pg_type'::regclass and t.typtype = 'c'
    )
    ${[schemaItself, types, routines, relations, columns, constraints, indexes, triggersAndRules, policies, memberships, others].join("\nunion all")}
  ) item (kind, parent, name, definition);
end
$shape$;

create or replace function tenantry.shape_hashes(schemas oid[])
returns table (schema_id oid, hash text)
language sql
set search_path = pg_catalog, pg_temp
as $hashes$
  select s.schema_id, encode(sha256(convert_to(string_agg(s.row, chr(10) order by s.row collate "C"), 'UTF8')), 'hex')
  from (select schema_id, concat_ws(chr(9), kind, coalesce(parent, ''), name, definition::text) as row from tenantry.shape(schemas)) s
  group by s.schema_id
$hashes$;

create or replace function tenantry.texts(of_schema oid)
returns table (name text, body text, settings text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $texts$
begin
  return query select format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
    case when p.prosqlbody is null then p.prosrc end, array_to_string(p.proconfig, chr(10))
  from (select set_config('search_path', quote_ident(n.nspname) || ', pg_catalog', true) as set, n.oid from pg_namespace n where n.oid = of_schema offset 0) path
  join pg_proc p on p.pronamespace = path.oid and path.set is not null;
end
$texts$;
${dependenciesFunction}`;
