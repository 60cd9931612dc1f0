import { option } from "./tables";

/** What is added to the tables when all objects are there: defaults, keys, bonds between tables, indexes, settings. */
export const additions = `
select 20, 0, c.attnum, 'alter table ' || case when rel.relkind = 'v' then '' else 'only ' end || rel.label || ' alter column ' || quote_ident(c.attname)
  || coalesce(' set default ' || c.expression, ' drop default')
from col c join rel on rel.oid = c.attrelid where c.late or (rel.inherits and not c.attislocal and c.expression is null)
union all
select 20, 1, a.attnum, format('alter table only %s alter column %I set not null', rel.label, a.attname)
from rel join pg_attribute a on a.attrelid = rel.oid and a.attnum > 0 and not a.attisdropped
where rel.inherits and not a.attislocal and a.attnotnull and not exists (select from pg_constraint n where n.conrelid = rel.oid and n.contype = 'n' and n.conkey = array[a.attnum])
union all
select 21, 0, c.oid, format('alter table %s add ', rel.label) || c.clause
from con c join rel on rel.oid = c.conrelid where not c.inline and c.contype in ('c', 'n', 'x') and (c.conislocal or not c.inherits)
union all
select 21, 1, c.oid, format('alter table %s validate constraint %I', rel.label, c.conname)
from con c join rel on rel.oid = c.conrelid join pg_constraint p on p.conname = c.conname and not p.convalidated
where not c.conislocal and rel.inherits and c.contype in ('c', 'n') and exists (select from pg_inherits i where i.inhrelid = rel.oid and i.inhparent = p.conrelid)
  and exists (select from pg_constraint v where v.oid = c.oid and v.convalidated)
union all
select 21, 2, c.oid, format('alter domain %I add constraint %I ', t.typname, c.conname) || pg_get_constraintdef(c.oid)
from own join pg_type t on t.oid = own.objid join pg_constraint c on c.contypid = t.oid where own.classid = 'pg_type'::regclass and not c.convalidated
union all
select 22, 0, seq.seqrelid, format('alter sequence %s owned by %s.%I', seq.seqrelid::regclass, seq.owner_table::regclass, a.attname)
from seq join pg_attribute a on a.attrelid = seq.owner_table and a.attnum = seq.owner_column where not seq.of_identity
union all
select 22, 1, seq.seqrelid, format('alter sequence %s as %s ', seq.seqrelid::regclass, format_type(seq.seqtypid, null)) || seq.parameters
from seq join pg_attribute a on a.attrelid = seq.owner_table and a.attnum = seq.owner_column where seq.of_identity and seq.seqtypid <> a.atttypid
union all
select 23, i.inhseqno, rel.oid, format('alter table %s inherit %s', rel.label, i.inhparent::regclass)
from rel join pg_inherits i on i.inhrelid = rel.oid where rel.relkind in ('r', 'f') and not rel.inherits and not rel.relispartition
union all
select 25, 0, rel.oid, format('alter table only %s attach partition %s %s', i.inhparent::regclass, rel.label, pg_get_expr(rel.relpartbound, rel.oid))
from rel join pg_inherits i on i.inhrelid = rel.oid where rel.relispartition
union all
select 30, 0, i.indexrelid, pg_get_indexdef(i.indexrelid, 0, true)
from idx i where i.own_constraint is null
union all
select 31, 0, i.indexrelid, format('alter index %s attach partition %s', p.inhparent::regclass, i.indexrelid::regclass)
from idx i join pg_inherits p on p.inhrelid = i.indexrelid
where not exists (select from pg_constraint c where c.conindid = p.inhparent and c.contype in ('p', 'u', 'x'))
union all
select 32, 0, i.indexrelid, format('alter index %s set (', i.indexrelid::regclass) || (select string_agg(${option("o")}, ', ') from unnest(ic.reloptions) o) || ')'
from idx i join pg_class ic on ic.oid = i.indexrelid where i.own_constraint is not null and ic.reloptions is not null
union all
select 32, 1, i.indexrelid, format('alter index %s set tablespace %I', i.indexrelid::regclass, s.spcname)
from idx i join pg_class ic on ic.oid = i.indexrelid join pg_tablespace s on s.oid = ic.reltablespace
union all
select 32, a.attnum, i.indexrelid, format('alter index %s alter column %s set statistics %s', i.indexrelid::regclass, a.attnum, a.attstattarget)
from idx i join pg_attribute a on a.attrelid = i.indexrelid where a.attstattarget > -1
union all
select 33, 0, i.indexrelid, format('alter table %s cluster on %I', i.indrelid::regclass, ic.relname)
from idx i join pg_class ic on ic.oid = i.indexrelid where i.indisclustered
union all
select 33, 1, rel.oid, format('alter table only %s replica identity ', rel.label) || case rel.relreplident when 'f' then 'full' when 'n' then 'nothing'
  else 'using index ' || (select quote_ident(ic.relname) from idx i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = rel.oid and i.indisreplident) end
from rel where rel.relkind in ('r', 'p') and rel.relreplident <> 'd'
union all
select 34, 0, rel.oid, 'alter table only ' || rel.label || ' ' || string_agg(setting, ', ' order by a.attnum)
from rel join pg_attribute a on a.attrelid = rel.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
cross join lateral (values
  (case when a.attstattarget > -1 then format('alter column %I set statistics %s', a.attname, a.attstattarget) end),
  (case when a.attstorage <> t.typstorage then format('alter column %I set storage %s', a.attname,
    case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end) end),
  (case when a.attoptions is not null then format('alter column %I set (%s)', a.attname, (select string_agg(${option("o")}, ', ') from unnest(a.attoptions) o)) end)
) s (setting)
where rel.relkind in ('r', 'p', 'm', 'f') and setting is not null group by rel.oid, rel.label
union all
select 35, 0, s.oid, format('create statistics %I ', s.stxname) || substr(pg_get_statisticsobjdef(s.oid), length(format('CREATE STATISTICS %I.%I ', path.name, s.stxname)) + 1)
from path, rel join pg_statistic_ext s on s.stxrelid = rel.oid where s.stxnamespace = path.id
union all
select 36, 0, s.oid, format('alter statistics %I set statistics %s', s.stxname, s.stxstattarget)
from path, rel join pg_statistic_ext s on s.stxrelid = rel.oid where s.stxnamespace = path.id and s.stxstattarget > -1
union all
select 40, 0, rel.oid, format('alter table %s ', rel.label) || string_agg('add ' || c.clause, ', ' order by c.oid)
from con c join rel on rel.oid = c.conrelid where c.contype = 'f' and not c.inline group by rel.oid, rel.label`;

/** Triggers, rules and policies, and whether they are switched on. */
export const behaviour = `
select 45, 0, t.oid, pg_get_triggerdef(t.oid, true)
from rel join pg_trigger t on t.tgrelid = rel.oid where not t.tgisinternal and t.tgparentid = 0
union all
select 46, 0, r.oid, rtrim(pg_get_ruledef(r.oid, true), ';')
from rel join pg_rewrite r on r.ev_class = rel.oid where r.rulename <> '_RETURN'
union all
select 47, 0, p.oid, format('create policy %I on %s as %s for %s to %s', p.polname, rel.label, case when p.polpermissive then 'permissive' else 'restrictive' end,
    case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
    (select string_agg(case r when 0 then 'public' else quote_ident(pg_get_userbyid(r)) end, ', ') from unnest(p.polroles) r))
  || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
from rel join pg_policy p on p.polrelid = rel.oid
union all
select 48, 0, rel.oid, 'alter table only ' || rel.label || concat_ws(',', case when rel.relrowsecurity then ' enable row level security' end,
  case when rel.relforcerowsecurity then ' force row level security' end)
from rel where rel.relrowsecurity or rel.relforcerowsecurity
union all
select 48, 1, t.oid, format('alter table only %s %s trigger %I', rel.label, ${switched("t.tgenabled")}, t.tgname)
from rel join pg_trigger t on t.tgrelid = rel.oid where not t.tgisinternal and t.tgenabled <> 'O'
union all
select 48, 2, r.oid, format('alter table only %s %s rule %I', rel.label, ${switched("r.ev_enabled")}, r.rulename)
from rel join pg_rewrite r on r.ev_class = rel.oid where r.rulename <> '_RETURN' and r.ev_enabled <> 'O'
union all
select 49, 0, m.oid, format('alter publication %I add table only %s', p.pubname, rel.label)
  || coalesce(' (' || (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a where a.attrelid = rel.oid and a.attnum = any (m.prattrs)) || ')', '')
  || coalesce(' where (' || pg_get_expr(m.prqual, m.prrelid) || ')', '')
from rel join pg_publication_rel m on m.prrelid = rel.oid join pg_publication p on p.oid = m.prpubid
union all
select 49, 1, m.oid, format('alter publication %I add tables in schema %s', p.pubname, path.quoted)
from path join pg_publication_namespace m on m.pnnspid = path.id join pg_publication p on p.oid = m.pnpubid`;

function switched(sign: string): string {
  return `case ${sign} when 'D' then 'disable' when 'R' then 'enable replica' when 'A' then 'enable always' else 'enable' end`;
}
