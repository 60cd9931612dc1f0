import { functionName } from "./names";
import { comment, ownName, privileges } from "./parts";

/** Functions, procedures and aggregates. */
export const routines = `
select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, null::text,
  format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
  json_build_object(
    'arguments', pg_get_function_arguments(p.oid),
    'result', pg_get_function_result(p.oid),
    'language', (select lanname from pg_language where oid = p.prolang),
    'attributes', concat_ws(', ', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
      case when p.prokind = 'w' then 'window' end, case when p.proisstrict then 'strict' end, case when p.proleakproof then 'leakproof' end,
      case p.proparallel when 's' then 'parallel safe' when 'r' then 'parallel restricted' end,
      'cost ' || p.procost, case when p.proretset then 'rows ' || p.prorows end),
    'security definer', case when p.prosecdef then 'yes' end,
    'support', ${functionName("nullif(p.prosupport::oid, 0)", "n.oid")},
    'transforms', (select string_agg(format_type(t, null), ', ' order by place) from unnest(p.protrftypes) with ordinality u (t, place)),
    'settings', (select string_agg(case when c.entry like 'search_path=%' then 'search_path=' || regexp_replace(substr(c.entry, 13), path.own_in_list, '<schema>', 'gi')
      else c.entry end, chr(10) order by c.place) from unnest(p.proconfig) with ordinality c (entry, place)),
    'body', case when p.prosqlbody is not null then pg_get_function_sqlbody(p.oid) else ${ownName("p.prosrc")} end,
    'library', p.probin,
    'aggregate', case when p.prokind = 'a' then tenantry.aggregate_statement(p.oid) end,
    'owner', pg_get_userbyid(p.proowner),
    'privileges', ${privileges("p.proacl", `'f'::"char"`, "p.proowner")},
    'comment', ${comment("pg_proc", "p.oid")}
  )
from own join pg_proc p on p.oid = own.objid
where own.classid = 'pg_proc'::regclass`;
