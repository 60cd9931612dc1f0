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
