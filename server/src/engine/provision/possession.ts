/** What objects are called in COMMENT, OWNER TO and GRANT, with who owns them and who may use them. */
export const named = `
select 'pg_class'::regclass as classid, rel.oid as id, case rel.relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view'
    when 'f' then 'foreign table' else 'table' end as kind, rel.label as name, rel.relowner as owner,
  rel.relacl as acl, case rel.relkind when 'S' then 'sequence' else 'table' end as granted, case rel.relkind when 'S' then 's'::"char" else 'r'::"char" end as acl_kind,
  case rel.relkind when 'S' then 'S'::"char" else 'r'::"char" end as default_kind
from rel
union all
select own.classid, t.oid, case t.typtype when 'd' then 'domain' else 'type' end, quote_ident(t.typname), t.typowner, t.typacl, 'type', 'T', 'T'
from own join pg_type t on t.oid = own.objid where own.classid = 'pg_type'::regclass and t.typtype <> 'm'
union all
select own.classid, p.oid, 'routine', format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)), p.proowner, p.proacl, 'routine', 'f', 'f'
from own join pg_proc p on p.oid = own.objid where own.classid = 'pg_proc'::regclass and p.prokind <> 'a'
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')
union all
select own.classid, p.oid, 'aggregate', format('%I(%s)', p.proname, coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), '*')), p.proowner, p.proacl, 'routine', 'f', 'f'
from own join pg_proc p on p.oid = own.objid where own.classid = 'pg_proc'::regclass and p.prokind = 'a'
union all
select rare.classid, rare.id, rare.kind, rare.name, rare.owner, null, null, null, null
from rare where rare.kind is not null
union all
select own.classid, s.oid, 'statistics', quote_ident(s.stxname), s.stxowner, null, null, null, null
from own join pg_statistic_ext s on s.oid = own.objid where own.classid = 'pg_statistic_ext'::regclass`;

/** Comments on the objects and on their parts. */
export const comments = `
select 50, 0, d.objoid, format('comment on %s %s is %L', named.kind, named.name, d.description)
from named join pg_description d on d.objoid = named.id and d.classoid = named.classid and d.objsubid = 0
union all
select 50, 1, d.objoid, format('comment on column %s.%I is %L', rel.label, a.attname, d.description)
from rel join pg_description d on d.objoid = rel.oid and d.classoid = 'pg_class'::regclass and d.objsubid > 0
join pg_attribute a on a.attrelid = rel.oid and a.attnum = d.objsubid and not a.attisdropped
union all
select 50, 1, d.objoid, format('comment on column %I.%I is %L', t.typname, a.attname, d.description)
from own join pg_type t on t.oid = own.objid join pg_description d on d.objoid = t.typrelid and d.classoid = 'pg_class'::regclass and d.objsubid > 0
join pg_attribute a on a.attrelid = t.typrelid and a.attnum = d.objsubid and not a.attisdropped
where own.classid = 'pg_type'::regclass and t.typtype = 'c'
union all
select 50, 2, d.objoid, format('comment on constraint %I on %s is %L', c.conname, rel.label, d.description)
from rel join pg_constraint c on c.conrelid = rel.oid join pg_description d on d.objoid = c.oid and d.classoid = 'pg_constraint'::regclass
union all
select 50, 2, d.objoid, format('comment on constraint %I on domain %I is %L', c.conname, t.typname, d.description)
from own join pg_type t on t.oid = own.objid join pg_constraint c on c.contypid = t.oid join pg_description d on d.objoid = c.oid and d.classoid = 'pg_constraint'::regclass
where own.classid = 'pg_type'::regclass
union all
select 50, 3, d.objoid, format('comment on index %s is %L', i.indexrelid::regclass, d.description)
from idx i join pg_description d on d.objoid = i.indexrelid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
union all
select 50, 4, d.objoid, format('comment on trigger %I on %s is %L', t.tgname, rel.label, d.description)
from rel join pg_trigger t on t.tgrelid = rel.oid join pg_description d on d.objoid = t.oid and d.classoid = 'pg_trigger'::regclass
union all
select 50, 5, d.objoid, format('comment on rule %I on %s is %L', r.rulename, rel.label, d.description)
from rel join pg_rewrite r on r.ev_class = rel.oid join pg_description d on d.objoid = r.oid and d.classoid = 'pg_rewrite'::regclass
union all
select 50, 6, d.objoid, format('comment on policy %I on %s is %L', p.polname, rel.label, d.description)
from rel join pg_policy p on p.polrelid = rel.oid join pg_description d on d.objoid = p.oid and d.classoid = 'pg_policy'::regclass
union all
select 50, 7, d.objoid, format('comment on schema %s is %L', path.quoted, d.description)
from path join pg_description d on d.objoid = path.id and d.classoid = 'pg_namespace'::regclass`;

/** Owners, where whoever provisions isn't it already; a sequence goes with the table that owns it. */
export const owners = `
select 60, 0, named.id, format('alter %s %s owner to %I', named.kind, named.name, pg_get_userbyid(named.owner))
from named
where named.owner <> (select oid from pg_roles where rolname = current_user)
  and not exists (select from seq where seq.seqrelid = named.id and seq.owner_table is not null)`;

/**
 * Privileges, where the prototype's aren't those of a new object, or new objects of whoever provisions get others by default:
 * first all are taken away, then what the prototype has is given.
 */
export const privileges = `
select 70, 0, t.id, 'revoke all on ' || t.target || ' from ' || (
    select string_agg(distinct case g when 0 then 'public' else quote_ident(pg_get_userbyid(g)) end, ', ')
    from (select 0::oid union select t.owner union select (aclexplode(d.defaclacl)).grantee from defaults d where d.defaclobjtype = t.default_kind) u (g))
from granting t where t.name is not null
union all
select 70, min(a.place)::integer, t.id, format('grant %s on %s to %s%s', string_agg(a.privilege_type, ', '), t.target,
  case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end, case when a.is_grantable then ' with grant option' else '' end)
from granting t, aclexplode(coalesce(t.acl, acldefault(t.acl_kind, t.owner))) with ordinality a (grantor, grantee, privilege_type, is_grantable, place)
group by t.id, t.target, a.grantee, a.is_grantable
union all
select 71, 0, rel.oid, format('grant %s (%I) on %s to %s%s', a.privilege_type, c.attname, rel.label,
  case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end, case when a.is_grantable then ' with grant option' else '' end)
from rel join pg_attribute c on c.attrelid = rel.oid and c.attnum > 0 and not c.attisdropped, aclexplode(c.attacl) a
union all
select 72, 0, d.oid, format('alter default privileges for role %I in schema %s grant %s on %s to %s%s', pg_get_userbyid(d.defaclrole), path.quoted, string_agg(a.privilege_type, ', '),
  case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'routines' else 'types' end,
  case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end, case when a.is_grantable then ' with grant option' else '' end)
from path join pg_depend e on e.refclassid = 'pg_namespace'::regclass and e.refobjid = path.id and e.classid = 'pg_default_acl'::regclass
join pg_default_acl d on d.oid = e.objid, aclexplode(d.defaclacl) a
group by d.oid, d.defaclrole, d.defaclobjtype, path.quoted, a.grantee, a.is_grantable`;

/** The function that gives a schema the owner and the privileges of another one. */
export const schemaPrivileges = `
create or replace function tenantry.schema_privileges(of_schema oid, for_schema text) returns setof text
language plpgsql
set search_path = pg_catalog, pg_temp
as $privileges$
begin
  return query
  select format('alter schema %I owner to %I', for_schema, pg_get_userbyid(n.nspowner))
  from pg_namespace n, pg_namespace m where n.oid = of_schema and m.nspname = for_schema and m.nspowner <> n.nspowner;
  return query
  select format('revoke all on schema %I from ', for_schema) || string_agg(distinct case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end, ', ')
  from pg_namespace n, pg_namespace m, aclexplode(m.nspacl) a where n.oid = of_schema and m.nspname = for_schema;
  return query
  select format('grant %s on schema %I to %s%s', string_agg(a.privilege_type, ', '), for_schema,
    case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end, case when a.is_grantable then ' with grant option' else '' end)
  from pg_namespace n join pg_namespace m on m.nspname = for_schema, 
    aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) with ordinality a (grantor, grantee, privilege_type, is_grantable, place)
  where n.oid = of_schema and (n.nspacl is not null or m.nspacl is not null) group by a.grantee, a.is_grantable order by min(a.place);
end
$privileges$;`;
