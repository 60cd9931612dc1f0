import { listed, privileges } from "./parts";

/** The schema itself, and what is said of all objects that will be made in it. Its comment is its own. */
export const schemaItself = `
select 'schema', null::text, '', json_build_object(
    'owner', pg_get_userbyid(n.nspowner),
    'privileges', ${privileges("n.nspacl", `'n'::"char"`, "n.nspowner")}
  )
union all
select 'default privileges', null::text, format('of %I for %s', pg_get_userbyid(d.defaclrole), case d.defaclobjtype
    when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' else d.defaclobjtype::text end),
  json_build_object('privileges', ${listed("d.defaclacl", "d.defaclrole")})
from pg_depend e join pg_default_acl d on d.oid = e.objid
where e.refclassid = 'pg_namespace'::regclass and e.refobjid = n.oid and e.classid = 'pg_default_acl'::regclass
union all
select 'publication', null::text, quote_ident(p.pubname), json_build_object('tables', 'all')
from pg_publication_namespace m join pg_publication p on p.oid = m.pnpubid where m.pnnspid = n.oid`;

/** What is in the schema and isn't taken apart here: operators, collations, text search and the like, and extensions. */
export const others = `
select case own.classid when 'pg_operator'::regclass then 'operator' when 'pg_collation'::regclass then 'collation' when 'pg_extension'::regclass then 'extension'
    else 'object' end,
  null::text, pg_describe_object(own.classid, own.objid, 0),
  json_build_object(
    'definition', case own.classid
      when 'pg_operator'::regclass then (select concat_ws(', ', o.oprcode::regproc, nullif(o.oprcom, 0)::regoperator, nullif(o.oprnegate, 0)::regoperator,
        nullif(o.oprrest::oid, 0)::regproc, nullif(o.oprjoin::oid, 0)::regproc, case when o.oprcanmerge then 'merges' end, case when o.oprcanhash then 'hashes' end)
        from pg_operator o where o.oid = own.objid)
      when 'pg_collation'::regclass then (select concat_ws(', ', c.collprovider::text, c.collcollate, c.collctype, c.collisdeterministic) from pg_collation c where c.oid = own.objid)
    end,
    'comment', (select said.description from pg_description said where said.objoid = own.objid and said.classoid = own.classid and said.objsubid = 0)
  )
from own
where own.classid not in ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_statistic_ext'::regclass)`;
