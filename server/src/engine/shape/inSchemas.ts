/**
 * Queries about schemas, each run while its schema (`n`) is the first of the search path. They have `path` (how the schema's own
 * name is found in texts), `own` (its objects, without those of an extension) and `rel` (its relations, and those of composite types).
 * @param items queries that give kind, parent, name and definition
 */
export function inSchemas(ids: string, items: readonly string[]): string {
  return `from unnest(${ids}) as wanted (id)
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
    ${items.join("\nunion all")}
  ) item (kind, parent, name, definition)`;
}
