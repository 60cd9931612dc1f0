import type { Client } from "pg";

/** Everything that the catalog and the tables hold of one schema, a line each, sorted, with the schema's own name as one symbol. */
export async function describeSchema(client: Client, schema: string): Promise<string[]> {
  // With nothing in the path the server writes each name with its schema.
  await client.query("set search_path = ''");
  const { rows } = await client.query<{ line: string }>(catalogQuery, [schema]);
  const lines = rows.map(({ line }) => line);
  for (const { name } of (await client.query<{ name: string }>(tablesQuery, [schema])).rows) {
    const data = await client.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(row(t.*)) as row from ${name} t`,
    );
    for (const { row } of data.rows) lines.push(`row of ${name}: ${Object.values(row).map(String).join(" | ")}`);
  }
  return lines.map((line) => neutral(line, schema)).sort();
}

/** What depends on something of another schema: dependent and dependency as the server names them. */
export async function dependenciesOn(client: Client, schema: string, other: string): Promise<string[]> {
  await client.query("set search_path = ''");
  const lines = (await client.query<{ line: string }>(dependenciesQuery, [schema])).rows;
  return lines.map(({ line }) => neutral(line, schema)).filter((line) => new RegExp(`\\b${other}\\b`).test(line));
}

/** Each form in which SQL, a literal or a body inside of a literal writes the name, the longest first. */
function neutral(written: string, schema: string): string {
  // The server numbers a foreign key's own triggers.
  const line = written.replace(/(RI_ConstraintTrigger_[ac])_\d+/g, "$1");
  if (/^\w+$/.test(schema)) return line.replace(new RegExp(`"${schema}"|\\b${schema}\\b`, "gi"), "«schema»");
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  const doubled = (text: string, times: number) => text.replaceAll("'", "'".repeat(2 ** times));
  return [quoted, schema]
    .flatMap((name) => [3, 2, 1, 0].map((times) => doubled(name, times)))
    .reduce((text, form) => text.replaceAll(form, "«schema»"), line);
}

const tablesQuery = `
  select c.oid::regclass::text as name from pg_class c
  where c.relnamespace = (select oid from pg_namespace where nspname = $1) and c.relkind in ('r', 'm', 'S') and c.relispopulated`;

const ownObjects = `
  with s as (select oid from pg_namespace where nspname = $1),
  rel as (select c.* from pg_class c, s where c.relnamespace = s.oid),
  pro as (select p.* from pg_proc p, s where p.pronamespace = s.oid),
  typ as (select t.* from pg_type t, s where t.typnamespace = s.oid)`;

/** The whole graph of dependencies: what is in the schema, or a part of what is in it, such as a constraint, a rule or a default. */
const dependenciesQuery = `
  with named as (
    select d.deptype, one.type || ' ' || one.identity as dependent, coalesce(one.schema, '') as schema,
      other.type || ' ' || other.identity as dependency
    from pg_depend d, pg_identify_object(d.classid, d.objid, d.objsubid) one, pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) other
    where d.objid >= 16384 and d.deptype <> 'e'
  )
  select dependent || ' -' || deptype::text || '-> ' || dependency as line from named
  where (schema = quote_ident($1) or position(quote_ident($1) in dependent) > 0) and dependent not like 'publication namespace%'`;

const catalogQuery = `${ownObjects}
  select concat_ws(' ', 'schema', n.nspacl, pg_get_userbyid(n.nspowner)) as line from pg_namespace n, s where n.oid = s.oid
  union all select concat_ws(' ', 'relation', c.relname, c.relkind, c.relpersistence, c.reloptions, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
    c.relispartition, c.reloftype::regtype, pg_get_userbyid(c.relowner), c.relacl, pg_get_expr(c.relpartbound, c.oid), pg_get_partkeydef(c.oid)) from rel c
  union all select concat_ws(' ', 'column', a.attrelid::regclass, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
    pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation, a.attstorage, a.attcompression, a.attstattarget, a.attacl, a.attoptions, a.attislocal, a.attinhcount, a.attisdropped)
    from rel c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum) where a.attnum > 0
  union all select concat_ws(' ', 'constraint', k.conname, k.conrelid::regclass, k.contypid::regtype, k.convalidated, pg_get_constraintdef(k.oid)) from pg_constraint k, s where k.connamespace = s.oid
  union all select concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), i.indisclustered, i.indisreplident, i.indisvalid) from pg_index i join rel c on c.oid = i.indexrelid
  union all select concat_ws(' ', 'view', c.relname, pg_get_viewdef(c.oid)) from rel c where c.relkind in ('v', 'm')
  union all select concat_ws(' ', 'rule', pg_get_ruledef(r.oid), r.ev_enabled) from pg_rewrite r join rel c on c.oid = r.ev_class
  union all select concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), t.tgenabled) from pg_trigger t join rel c on c.oid = t.tgrelid where not t.tgisinternal
  union all select concat_ws(' ', 'policy', p.polname, p.polrelid::regclass, p.polcmd, p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) from pg_policy p join rel c on c.oid = p.polrelid
  union all select concat_ws(' ', 'inherits', h.inhrelid::regclass, h.inhparent::regclass, h.inhseqno) from pg_inherits h join rel c on c.oid = h.inhrelid
  union all select concat_ws(' ', 'sequence', q.seqrelid::regclass, q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmax, q.seqmin, q.seqcache, q.seqcycle) from pg_sequence q join rel c on c.oid = q.seqrelid
  union all select concat_ws(' ', 'routine', p.proacl, pg_get_userbyid(p.proowner), pg_get_functiondef(p.oid)) from pro p where p.prokind <> 'a'
  union all select concat_ws(' ', 'aggregate', p.oid::regprocedure, a.aggtransfn::regprocedure, a.aggcombinefn::regproc, a.aggtranstype::regtype, a.agginitval, p.proparallel) from pro p join pg_aggregate a on a.aggfnoid = p.oid
  union all select concat_ws(' ', 'type', t.typname, t.typtype, t.typacl, pg_get_userbyid(t.typowner), t.typnotnull, t.typdefault, t.typcollation::regcollation, format_type(t.typbasetype, t.typtypmod), format_type(t.typelem, null), t.typarray::regtype) from typ t
  union all select concat_ws(' ', 'label', e.enumtypid::regtype, row_number() over (partition by e.enumtypid order by e.enumsortorder), e.enumlabel) from pg_enum e join typ t on t.oid = e.enumtypid
  union all select concat_ws(' ', 'range', r.rngtypid::regtype, r.rngsubtype::regtype, r.rngmultitypid::regtype, r.rngsubdiff::regproc, r.rngcanonical::regproc) from pg_range r join typ t on t.oid = r.rngtypid
  union all select concat_ws(' ', 'operator', o.oid::regoperator, o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin) from pg_operator o, s where o.oprnamespace = s.oid
  union all select concat_ws(' ', 'operator class', c.opcname, c.opcintype::regtype, c.opcdefault, f.opfname, f.opfnamespace::regnamespace) from pg_opclass c join pg_opfamily f on f.oid = c.opcfamily, s where c.opcnamespace = s.oid
  union all select concat_ws(' ', 'family', f.opfname, m.amopstrategy, m.amopopr::regoperator) from pg_opfamily f join pg_amop m on m.amopfamily = f.oid, s where f.opfnamespace = s.oid
  union all select concat_ws(' ', 'family', f.opfname, m.amprocnum, m.amproc::regprocedure) from pg_opfamily f join pg_amproc m on m.amprocfamily = f.oid, s where f.opfnamespace = s.oid
  union all select concat_ws(' ', 'cast', k.castsource::regtype, k.casttarget::regtype, k.castfunc::regprocedure, k.castcontext, k.castmethod) from pg_cast k join typ t on t.oid = k.castsource
  union all select concat_ws(' ', 'collation', k.collname, k.collprovider, k.collcollate) from pg_collation k, s where k.collnamespace = s.oid
  union all select concat_ws(' ', 'conversion', k.conname, k.conproc, k.conforencoding, k.contoencoding) from pg_conversion k, s where k.connamespace = s.oid
  union all select concat_ws(' ', 'dictionary', k.dictname, k.dictinitoption) from pg_ts_dict k, s where k.dictnamespace = s.oid
  union all select concat_ws(' ', 'configuration', k.cfgname, m.maptokentype, m.mapseqno, m.mapdict::regdictionary) from pg_ts_config k join pg_ts_config_map m on m.mapcfg = k.oid, s where k.cfgnamespace = s.oid
  union all select concat_ws(' ', 'statistics', pg_get_statisticsobjdef(x.oid), x.stxstattarget) from pg_statistic_ext x, s where x.stxnamespace = s.oid
  union all select concat_ws(' ', 'published schema', p.pubname) from pg_publication_namespace n join pg_publication p on p.oid = n.pnpubid, s where n.pnnspid = s.oid
  union all select concat_ws(' ', 'published', p.pubname, r.prrelid::regclass, r.prattrs, pg_get_expr(r.prqual, r.prrelid)) from pg_publication_rel r join pg_publication p on p.oid = r.prpubid join rel c on c.oid = r.prrelid
  union all select concat_ws(' ', 'default rights', pg_get_userbyid(d.defaclrole), d.defaclobjtype, d.defaclacl) from pg_default_acl d, s where d.defaclnamespace = s.oid
  union all select concat_ws(' ', 'comment', o.type, o.identity, d.description) from pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) o where d.objoid >= 16384 and position(quote_ident($1) in o.identity) > 0
  union all ${dependenciesQuery.replace("with named as (", "select line from (with named as (")}) dependency`;
