/** The columns of a table in its definition, its constraints, and what follows them. Own names stand without the schema. */
export const tableStatements = `
select 'pg_class'::regclass as classid, rel.oid as id,
  case when rel.relkind = 'f' then 'create foreign table ' when rel.relpersistence = 'u' then 'create unlogged table ' else 'create table ' end || rel.label
  || case when rel.reloftype <> 0 then ' of ' || rel.reloftype::regtype || coalesce(' (' || nullif(concat_ws(', ', typed.list, inside.list), '') || ')', '')
     else ' (' || concat_ws(', ', listed.list, inside.list) || ')' end
  || case when rel.inherits then (select ' inherits (' || string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno) || ')' from pg_inherits i where i.inhrelid = rel.oid) else '' end
  || case when rel.relkind = 'p' then ' partition by ' || pg_get_partkeydef(rel.oid) else '' end
  || case when rel.relkind = 'f' then (select format(' server %I', s.srvname) || coalesce(' options (' || ${optionList("f.ftoptions")} || ')', '')
       from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = rel.oid) else '' end
  || case when rel.relkind = 'r' and rel.relam <> 0 then (select case when a.amname = current_setting('default_table_access_method') then '' else format(' using %I', a.amname) end
       from pg_am a where a.oid = rel.relam) else '' end
  || coalesce(' with (' || nullif(concat_ws(', ', rel.options, (select string_agg('toast.' || o, ', ') from (select ${option("o")} as o
       from pg_class t, unnest(t.reloptions) o where t.oid = rel.reltoastrelid) u)), '') || ')', '')
  || coalesce((select format(' tablespace %I', s.spcname) from pg_tablespace s where s.oid = rel.reltablespace), '') as statement
from rel
left join lateral (
  select string_agg(c.definition, ', ' order by c.attnum) as list from col c
  where c.attrelid = rel.oid and (c.attislocal or not rel.inherits)
) listed on rel.reloftype = 0
left join lateral (
  select string_agg(quote_ident(c.attname) || ' with options' || c.extras, ', ' order by c.attnum) as list from col c where c.attrelid = rel.oid and c.extras <> ''
) typed on rel.reloftype <> 0
left join lateral (
  select string_agg(c.clause, ', ' order by c.contype <> 'n', c.conname) as list from con c where c.conrelid = rel.oid and c.inline
) inside on true
where rel.relkind in ('r', 'p', 'f')`;

/** Columns with their whole definition, and with what a typed table adds to them. */
export const columnDefinitions = `
select a.attrelid, a.attnum, a.attname, a.attislocal,
  quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when rel.relkind = 'f' then coalesce(' options (' || ${optionList("a.attfdwoptions")} || ')', '') else '' end
    || case when a.attcompression <> '' then ' compression ' || case a.attcompression when 'l' then 'lz4' else 'pglz' end else '' end
    || case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation else '' end
    || extra.text as definition,
  extra.text as extras, d.late, d.expression
from rel
join pg_attribute a on a.attrelid = rel.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join lateral (
  select pg_get_expr(d.adbin, d.adrelid) as expression, a.attgenerated = '' and (
    rel.relkind = 'v' or (rel.inherits and not a.attislocal) or exists (select from pg_depend p join own o on o.classid = p.refclassid and o.objid = p.refobjid
      where p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_proc'::regclass)) as late
  from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum
) d on true
cross join lateral (
  select case when a.attgenerated = 's' then ' generated always as (' || d.expression || ') stored'
      when a.attgenerated = 'v' then ' generated always as (' || d.expression || ') virtual'
      when a.attidentity <> '' and not rel.relispartition then (
        select ' generated ' || case a.attidentity when 'a' then 'always' else 'by default' end || ' as identity (sequence name ' || quote_ident(sc.relname) || ' ' || s.parameters || ')'
        from seq s join pg_class sc on sc.oid = s.seqrelid where s.owner_table = a.attrelid and s.owner_column = a.attnum and s.of_identity)
      when not d.late then ' default ' || d.expression else '' end
    || case when a.attnotnull and not exists (select from pg_constraint n where n.conrelid = a.attrelid and n.contype = 'n' and n.conkey = array[a.attnum]) then ' not null' else '' end as text
) extra
where rel.relkind in ('r', 'p', 'f', 'v')`;

/** A foreign key can be made with its table where it points at itself, at a shared table or at an older one, and no partition is involved. */
const simpleKey = `c.convalidated and rel.relkind = 'r' and not rel.relispartition and (c.confrelid = c.conrelid
    or not exists (select from own o where o.classid = 'pg_class'::regclass and o.objid = c.confrelid)
    or (c.confrelid < c.conrelid and exists (select from pg_constraint k join pg_class t on t.oid = k.conrelid
      where k.conrelid = c.confrelid and k.conindid = c.conindid and k.contype in ('p', 'u') and t.relkind = 'r' and not t.relispartition)))`;

/** Constraints; those that lean on the schema's own functions, exclude, or aren't valid come after all tables and functions are there. */
export const constraintClauses = `
select c.oid, c.conrelid, c.contype, c.conname, c.conislocal, rel.inherits,
  format('constraint %I ', c.conname) || pg_get_constraintdef(c.oid) as clause,
  (c.conislocal or not rel.inherits) and (c.contype in ('p', 'u') or (c.contype = 'f' and ${simpleKey}) or c.contype in ('c', 'n') and c.convalidated
    and not exists (select from pg_depend p join own o on o.classid = p.refclassid and o.objid = p.refobjid
      where p.classid = 'pg_constraint'::regclass and p.objid = c.oid and p.refclassid = 'pg_proc'::regclass)) as inline
from rel join pg_constraint c on c.conrelid = rel.oid
where c.contype in ('c', 'f', 'p', 'u', 'x', 'n') and not (c.contype = 'f' and c.conparentid <> 0)`;

export function option(setting: string): string {
  return `quote_ident(split_part(${setting}, '=', 1)) || '=' || quote_literal(substr(${setting}, strpos(${setting}, '=') + 1))`;
}

/** Options of a foreign table or column. */
function optionList(options: string): string {
  return `(select string_agg(format('%I %L', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), ', ') from unnest(${options}) o)`;
}
