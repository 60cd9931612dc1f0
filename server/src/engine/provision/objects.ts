import { functionName, operatorClassName } from "../shape/names";

/** Types, sequences and views, each as the statement that makes it. */
export const objectStatements = `
select 'pg_type'::regclass, t.oid, case t.typtype
  when 'e' then format('create type %I as enum (%s)', t.typname, (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
  when 'd' then format('create domain %I as %s', t.typname, format_type(t.typbasetype, t.typtypmod))
    || case when t.typcollation <> (select b.typcollation from pg_type b where b.oid = t.typbasetype) then ' collate ' || t.typcollation::regcollation else '' end
    || coalesce(' default ' || coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)), '')
    || case when t.typnotnull and not exists (select from pg_constraint c where c.contypid = t.oid and c.contype = 'n') then ' not null' else '' end
    || coalesce((select string_agg(format(' constraint %I ', c.conname) || pg_get_constraintdef(c.oid), '' order by c.conname) from pg_constraint c
        where c.contypid = t.oid and c.convalidated), '')
  when 'c' then format('create type %I as (%s)', t.typname, (select string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attcollation <> at.typcollation then ' collate ' || a.attcollation::regcollation else '' end, ', ' order by a.attnum)
    from pg_attribute a join pg_type at on at.oid = a.atttypid where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))
  else (select format('create type %I as range (subtype = %s', t.typname, format_type(r.rngsubtype, null))
      || ', subtype_opclass = ' || ${operatorClassName("r.rngsubopc", "path.id")}
      || coalesce(', collation = ' || nullif(r.rngcollation, 0)::regcollation, '')
      || coalesce(', canonical = ' || ${functionName("nullif(r.rngcanonical::oid, 0)", "path.id")}, '')
      || coalesce(', subtype_diff = ' || ${functionName("nullif(r.rngsubdiff::oid, 0)", "path.id")}, '')
      || ', multirange_type_name = ' || format_type(r.rngmultitypid, null) || ')' from pg_range r where r.rngtypid = t.oid)
  end
from path, own join pg_type t on t.oid = own.objid
where own.classid = 'pg_type'::regclass and t.typtype in ('e', 'd', 'c', 'r')
union all
select 'pg_class'::regclass, rel.oid, case rel.relpersistence when 'u' then 'create unlogged sequence ' else 'create sequence ' end
  || rel.label || ' as ' || format_type(seq.seqtypid, null) || ' ' || seq.parameters
from rel join seq on seq.seqrelid = rel.oid where not seq.of_identity
union all
select 'pg_class'::regclass, rel.oid, case rel.relkind when 'v' then 'create view ' else 'create materialized view ' end || rel.label
  || case when rel.relkind = 'm' then (select case when a.amname = current_setting('default_table_access_method') then '' else format(' using %I', a.amname) end from pg_am a where a.oid = rel.relam) else '' end
  || coalesce(' with (' || rel.options || ')', '')
  || coalesce((select format(' tablespace %I', s.spcname) from pg_tablespace s where s.oid = rel.reltablespace), '')
  || ' as ' || rtrim(pg_get_viewdef(rel.oid), ';') || case rel.relkind when 'm' then ' with no data' else '' end
from rel where rel.relkind in ('v', 'm')`;

/** Sequences with whom they belong to. */
export const sequences = `
select s.*, d.refobjid as owner_table, d.refobjsubid as owner_column, coalesce(d.deptype = 'i', false) as of_identity,
  format('start with %s increment by %s minvalue %s maxvalue %s cache %s%s', s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
    case when s.seqcycle then ' cycle' else '' end) as parameters
from rel join pg_sequence s on s.seqrelid = rel.oid
left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.seqrelid and d.objsubid = 0 and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
where rel.relkind = 'S'`;
