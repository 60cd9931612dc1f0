import { catalogReader } from "../catalogReader";
import { ownCasts } from "./names";

/** What of a schema needs something of other schemas (null: of any other), as the server keeps account of it. */
export const dependenciesFunction = `
create or replace function tenantry.dependencies(of_schema oid, on_schemas oid[])
returns table (object text, schema text, target text)
${catalogReader}
as $dependencies$
#variable_conflict use_column
begin
  return query
  with path as materialized (
    select set_config('search_path', quote_ident(n.nspname) || ', pg_catalog', true) as set from pg_namespace n where n.oid = of_schema
  ), own as materialized (
    select d.classid, d.objid from path join pg_depend d on d.refclassid = 'pg_namespace'::regclass and d.refobjid = of_schema and d.deptype = 'n' and path.set is not null
  ), rel as materialized (
    select own.objid as oid from own where own.classid = 'pg_class'::regclass
    union all
    select t.typrelid from own join pg_type t on t.oid = own.objid where own.classid = 'pg_type'::regclass and t.typrelid <> 0
  ), part as materialized (
    select own.classid, own.objid from own
    union all select 'pg_class'::regclass, rel.oid from rel
    union all select 'pg_class'::regclass, i.indexrelid from rel join pg_index i on i.indrelid = rel.oid
    union all select 'pg_attrdef'::regclass, d.oid from rel join pg_attrdef d on d.adrelid = rel.oid
    union all select 'pg_constraint'::regclass, c.oid from rel join pg_constraint c on c.conrelid = rel.oid
    union all select 'pg_constraint'::regclass, c.oid from own join pg_constraint c on c.contypid = own.objid where own.classid = 'pg_type'::regclass
    union all select 'pg_trigger'::regclass, t.oid from rel join pg_trigger t on t.tgrelid = rel.oid where not t.tgisinternal
    union all select 'pg_rewrite'::regclass, w.oid from rel join pg_rewrite w on w.ev_class = rel.oid
    union all select 'pg_policy'::regclass, p.oid from rel join pg_policy p on p.polrelid = rel.oid
    union all select d.classid, d.objid from own join pg_depend d on d.refclassid = own.classid and d.refobjid = own.objid and d.classid in ('pg_amop'::regclass, 'pg_amproc'::regclass)
      where own.classid in ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
    union all select 'pg_cast'::regclass, c.oid from (${ownCasts}) c
  ), needed as (
    select p.classid, p.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid,
      case d.refclassid
        when 'pg_class'::regclass then (select relnamespace from pg_class where oid = d.refobjid)
        when 'pg_type'::regclass then (select typnamespace from pg_type where oid = d.refobjid)
        when 'pg_proc'::regclass then (select pronamespace from pg_proc where oid = d.refobjid)
        when 'pg_operator'::regclass then (select oprnamespace from pg_operator where oid = d.refobjid)
        when 'pg_collation'::regclass then (select collnamespace from pg_collation where oid = d.refobjid)
        when 'pg_constraint'::regclass then (select connamespace from pg_constraint where oid = d.refobjid)
        when 'pg_opclass'::regclass then (select opcnamespace from pg_opclass where oid = d.refobjid)
        when 'pg_opfamily'::regclass then (select opfnamespace from pg_opfamily where oid = d.refobjid)
        when 'pg_ts_config'::regclass then (select cfgnamespace from pg_ts_config where oid = d.refobjid)
        when 'pg_ts_dict'::regclass then (select dictnamespace from pg_ts_dict where oid = d.refobjid)
        when 'pg_ts_parser'::regclass then (select prsnamespace from pg_ts_parser where oid = d.refobjid)
        when 'pg_ts_template'::regclass then (select tmplnamespace from pg_ts_template where oid = d.refobjid)
      end as namespace
    from part p join pg_depend d on d.classid = p.classid and d.objid = p.objid
  )
  select distinct pg_describe_object(n.classid, n.objid, n.objsubid), s.nspname::text, pg_describe_object(n.refclassid, n.refobjid, n.refobjsubid)
  from needed n join pg_namespace s on s.oid = n.namespace
  where (on_schemas is null or n.namespace = any (on_schemas)) and n.namespace <> of_schema;
end
$dependencies$;`;
