/** The functions that tell why a schema can't be copied, and where a copy differs from it. */
export const proofFunctions = `
create or replace function tenantry.uncopyable(of_schema oid) returns setof text
language plpgsql
set search_path = pg_catalog, pg_temp
as $uncopyable$
begin
  return query
  select pg_describe_object(d.classid, d.objid, 0) || ' is of a kind that Tenantry can''t copy'
  from pg_depend d
  where d.refclassid = 'pg_namespace'::regclass and d.refobjid = of_schema and d.deptype = 'n'
    and (d.classid not in ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_statistic_ext'::regclass, 'pg_operator'::regclass, 'pg_opfamily'::regclass,
        'pg_opclass'::regclass, 'pg_collation'::regclass, 'pg_conversion'::regclass, 'pg_ts_parser'::regclass, 'pg_ts_template'::regclass, 'pg_ts_dict'::regclass, 'pg_ts_config'::regclass)
      or exists (select from pg_depend e where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e'))
  union all
  select pg_describe_object(l.classoid, l.objoid, l.objsubid) || ' has a security label, which Tenantry can''t copy'
  from pg_depend d join pg_seclabel l on l.objoid = d.objid and l.classoid = d.classid where d.refclassid = 'pg_namespace'::regclass and d.refobjid = of_schema and d.deptype = 'n'
  union all
  select format('index %s is invalid, as a build that broke off leaves it', i.indexrelid::regclass)
  from pg_depend d join pg_class c on c.oid = d.objid and c.relkind in ('r', 'm') join pg_index i on i.indrelid = c.oid
  where d.refclassid = 'pg_namespace'::regclass and d.refobjid = of_schema and d.classid = 'pg_class'::regclass and d.deptype = 'n' and not i.indisvalid
  union all
  -- A table that is made with parents has their columns before its own.
  select format('table %s has the column %I of a parent behind columns of its own, as no statement makes it again', c.oid::regclass, min(a.attname))
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and a.attinhcount > 0 and not a.attislocal and not a.attisdropped
  where c.relnamespace = of_schema and c.relkind in ('r', 'f') and not c.relispartition
    and exists (select from pg_attribute o where o.attrelid = c.oid and o.attnum > 0 and o.attnum < a.attnum and o.attinhcount = 0 and not o.attisdropped)
  group by c.oid
  union all
  select format('function %s has "%s" in its text, where it can''t be told whether the schema is meant', p.oid::regprocedure, left(r.unread, 60))
  from pg_depend d join pg_proc p on p.oid = d.objid join pg_namespace n on n.oid = of_schema join pg_language l on l.oid = p.prolang
  cross join lateral (
    select (tenantry.rename_schema(p.prosrc, n.nspname, 'other')).unread where l.lanname in ('sql', 'plpgsql')
    union all
    select n.nspname where l.lanname not in ('sql', 'plpgsql', 'c', 'internal') and strpos(lower(p.prosrc), lower(n.nspname)) > 0
  ) r
  where d.refclassid = 'pg_namespace'::regclass and d.refobjid = of_schema and d.classid = 'pg_proc'::regclass and d.deptype = 'n'
    and p.prosqlbody is null and r.unread is not null and p.prosrc !~ '--\\s*tenantry:\\s*ignore\\M';
end
$uncopyable$;

create or replace function tenantry.unequal(of_schema oid, copies oid[])
returns table (copy oid, object text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $unequal$
#variable_conflict use_column
begin
  copies := (select array_agg(h.schema_id) from (
    select schema_id, hash <> first_value(hash) over (order by schema_id <> of_schema) as differs from tenantry.shape_hashes(of_schema || copies)) h where h.differs);
  if copies is null then
    return;
  end if;
  return query
  with shapes as materialized (
    select s.schema_id, s.kind, s.parent, s.name, s.definition::text as definition from tenantry.shape(of_schema || copies) s
  ), differing as (
    select c.id as copy, s.kind, s.parent, s.name from unnest(copies) c (id) join shapes s on s.schema_id in (of_schema, c.id)
    group by c.id, s.kind, s.parent, s.name, s.definition having count(*) filter (where s.schema_id = c.id) <> count(*) filter (where s.schema_id <> c.id)
  )
  select distinct d.copy, concat_ws(' ', d.kind, d.name, 'of ' || d.parent) from differing d
  -- A tenant's name may be the alias of a table: then the text tells.
  where d.kind not in ('function', 'procedure') or not exists (
    select from tenantry.texts(of_schema) a join tenantry.texts(d.copy) b on b.name = a.name and a.name = d.name
    join pg_namespace n on n.oid = of_schema join pg_namespace m on m.oid = d.copy
    where a.body is not null and b.body = (tenantry.rename_schema(a.body, n.nspname, m.nspname)).renamed
      and (select count(distinct s.definition::jsonb - 'body') from shapes s where s.kind = d.kind and s.name = d.name and s.schema_id in (of_schema, d.copy)) = 1);
end
$unequal$;`;
