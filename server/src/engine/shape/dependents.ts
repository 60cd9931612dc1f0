import { comment, withoutNumber } from "./parts";

/** Constraints of tables and domains. Those that a partitioned table makes on its partitions by itself follow from it. */
export const constraints = `
select 'constraint', rel.label, quote_ident(${withoutNumber("c.conname")}),
  json_build_object(
    'definition', pg_get_constraintdef(c.oid),
    'inherited', case when not c.conislocal then 'yes' end,
    'comment', ${comment("pg_constraint", "c.oid")}
  )
from rel join pg_constraint c on c.conrelid = rel.oid
where c.contype in ('c', 'f', 'p', 'u', 'x', 'n') and not (c.contype = 'f' and c.conparentid <> 0)
union all
select 'constraint', quote_ident(t.typname), quote_ident(${withoutNumber("c.conname")}),
  json_build_object('definition', pg_get_constraintdef(c.oid), 'comment', ${comment("pg_constraint", "c.oid")})
from own join pg_type t on t.oid = own.objid join pg_constraint c on c.contypid = t.oid
where own.classid = 'pg_type'::regclass and t.typtype = 'd'`;

export const indexes = `
select 'index', rel.label, quote_ident(${withoutNumber("ic.relname")}),
  json_build_object(
    'definition', case when i.indisunique then 'unique ' else '' end || substr(pg_get_indexdef(i.indexrelid, 0, true),
      length(format('CREATE %sINDEX %I ON ', case when i.indisunique then 'UNIQUE ' else '' end, ic.relname)) + 1),
    'valid', case when not i.indisvalid or not i.indisready then 'no' end,
    'clustered', case when i.indisclustered then 'yes' end,
    'tablespace', (select spcname from pg_tablespace where oid = ic.reltablespace),
    'of index', (select ${withoutNumber("pc.relname")} from pg_inherits p join pg_class pc on pc.oid = p.inhparent where p.inhrelid = i.indexrelid),
    'statistics targets', (select string_agg(a.attnum || ': ' || a.attstattarget, ', ' order by a.attnum) from pg_attribute a
      where a.attrelid = i.indexrelid and a.attstattarget > -1),
    'comment', ${comment("pg_class", "i.indexrelid")}
  )
from rel join pg_index i on i.indrelid = rel.oid join pg_class ic on ic.oid = i.indexrelid
where rel.relkind in ('r', 'p', 'm')`;

export const triggersAndRules = `
select 'trigger', rel.label, quote_ident(t.tgname),
  json_build_object(
    'definition', pg_get_triggerdef(t.oid, true),
    'enabled', ${enabled("t.tgenabled")},
    'of a parent', case when t.tgparentid <> 0 then 'yes' end,
    'comment', ${comment("pg_trigger", "t.oid")}
  )
from rel join pg_trigger t on t.tgrelid = rel.oid
where not t.tgisinternal
union all
select 'rule', rel.label, quote_ident(r.rulename),
  json_build_object(
    'definition', pg_get_ruledef(r.oid, true),
    'enabled', ${enabled("r.ev_enabled")},
    'comment', ${comment("pg_rewrite", "r.oid")}
  )
from rel join pg_rewrite r on r.ev_class = rel.oid
where r.rulename <> '_RETURN'`;

export const policies = `
select 'policy', rel.label, quote_ident(p.polname),
  json_build_object(
    'command', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
    'permissive', case when p.polpermissive then 'yes' else 'no' end,
    'roles', (select string_agg(case r when 0 then 'public' else quote_ident(pg_get_userbyid(r)) end, ', ' order by pg_get_userbyid(r)) from unnest(p.polroles) r),
    'using', pg_get_expr(p.polqual, p.polrelid),
    'check', pg_get_expr(p.polwithcheck, p.polrelid),
    'comment', ${comment("pg_policy", "p.oid")}
  )
from rel join pg_policy p on p.polrelid = rel.oid`;

/** Extended statistics, and the publications that a table belongs to. */
export const memberships = `
select 'statistics', rel.label, quote_ident(s.stxname),
  json_build_object(
    'definition', substr(pg_get_statisticsobjdef(s.oid), length(format('CREATE STATISTICS %I.%I ', n.nspname, s.stxname)) + 1),
    'target', nullif(s.stxstattarget, -1),
    'owner', pg_get_userbyid(s.stxowner),
    'comment', ${comment("pg_statistic_ext", "s.oid")}
  )
from rel join pg_statistic_ext s on s.stxrelid = rel.oid
union all
select 'publication', rel.label, quote_ident(p.pubname),
  json_build_object(
    'rows', pg_get_expr(m.prqual, m.prrelid),
    'columns', (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a where a.attrelid = rel.oid and a.attnum = any (m.prattrs))
  )
from rel join pg_publication_rel m on m.prrelid = rel.oid join pg_publication p on p.oid = m.prpubid`;

function enabled(column: string): string {
  return `case ${column} when 'D' then 'no' when 'R' then 'on replicas' when 'A' then 'always' else 'yes' end`;
}
