import { comment, privileges } from "./parts";

/** Tables, views and sequences of `rel`, with everything that isn't an object of its own. */
export const relations = `
select case rel.relkind when 'r' then 'table' when 'p' then 'table' when 'f' then 'foreign table' when 'v' then 'view'
    when 'm' then 'materialized view' else 'sequence' end,
  null::text, rel.label,
  json_build_object(
    'owner', pg_get_userbyid(rel.relowner),
    'privileges', ${privileges("rel.relacl", `case rel.relkind when 'S' then 's'::"char" else 'r'::"char" end`, "rel.relowner")},
    'persistence', case rel.relpersistence when 'u' then 'unlogged' end,
    'options', (select string_agg(o, ', ' order by o collate "C") from unnest(rel.reloptions) o),
    'toast options', (select (select string_agg(o, ', ' order by o collate "C") from unnest(t.reloptions) o) from pg_class t where t.oid = rel.reltoastrelid),
    'tablespace', (select spcname from pg_tablespace where oid = rel.reltablespace),
    'access method', case when rel.relkind in ('r', 'm') then (select amname from pg_am where oid = rel.relam) end,
    'row security', case when rel.relrowsecurity then case when rel.relforcerowsecurity then 'forced' else 'enabled' end
      when rel.relforcerowsecurity then 'forced for the owner, but disabled' end,
    'replica identity', case rel.relreplident when 'f' then 'full' when 'n' then case when rel.relkind in ('r', 'p') then 'nothing' end
      when 'i' then 'index ' || coalesce((select i.indexrelid::regclass::text from pg_index i where i.indrelid = rel.oid and i.indisreplident), 'lost') end,
    'partition key', case when rel.relkind = 'p' then pg_get_partkeydef(rel.oid) end,
    'parents', (select string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno) from pg_inherits i where i.inhrelid = rel.oid),
    'bounds', case when rel.relispartition then pg_get_expr(rel.relpartbound, rel.oid) end,
    'type', case when rel.reloftype <> 0 then rel.reloftype::regtype::text end,
    'columns', case when rel.relkind <> 'S' then (select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
      from pg_attribute a where a.attrelid = rel.oid and a.attnum > 0 and not a.attisdropped) end,
    'definition', case when rel.relkind in ('v', 'm') then pg_get_viewdef(rel.oid) end,
    'server', case when rel.relkind = 'f' then (select s.srvname || coalesce(' (' || array_to_string(f.ftoptions, ', ') || ')', '')
      from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = rel.oid) end,
    'values', case when rel.relkind = 'S' then (select format('%s from %s by %s, %s to %s, cache %s%s', format_type(s.seqtypid, null), s.seqstart,
      s.seqincrement, s.seqmin, s.seqmax, s.seqcache, case when s.seqcycle then ', cycle' else '' end) from pg_sequence s where s.seqrelid = rel.oid) end,
    'owned by', case when rel.relkind = 'S' then (select d.refobjid::regclass::text || '.' || quote_ident(a.attname)
      from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = rel.oid and d.objsubid = 0 and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')) end,
    'comment', ${comment("pg_class", "rel.oid")}
  )
from rel where rel.relkind <> 'c'`;

/** The columns of tables, views and composite types. */
export const columns = `
select 'column', rel.label, quote_ident(a.attname),
  json_build_object(
    'type', format_type(a.atttypid, a.atttypmod),
    'collation', case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end,
    'not null', case when a.attnotnull then 'yes' end,
    'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
    'generated', case a.attgenerated when 's' then 'stored ' || pg_get_expr(d.adbin, d.adrelid) when 'v' then 'virtual ' || pg_get_expr(d.adbin, d.adrelid) end,
    'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
    'storage', case when a.attstorage <> t.typstorage and rel.relkind in ('r', 'p', 'm', 'f') then
      case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end end,
    'compression', case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,
    'statistics target', nullif(a.attstattarget, -1),
    'options', (select string_agg(o, ', ' order by o collate "C") from unnest(a.attoptions) o),
    'foreign options', (select string_agg(o, ', ' order by o collate "C") from unnest(a.attfdwoptions) o),
    'inherited', case when not a.attislocal then 'yes' end,
    'privileges', ${privileges("a.attacl", `'c'::"char"`, "rel.relowner")},
    'comment', ${comment("pg_class", "rel.oid", "a.attnum")}
  )
from rel
join pg_attribute a on a.attrelid = rel.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where rel.relkind <> 'S'`;
