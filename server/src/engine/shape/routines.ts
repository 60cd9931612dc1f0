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
    'support', case when p.prosupport <> 0 then p.prosupport::regproc::text end,
    'transforms', (select string_agg(format_type(t, null), ', ' order by place) from unnest(p.protrftypes) with ordinality u (t, place)),
    'settings', (select string_agg(case when c.entry like 'search_path=%' then 'search_path=' || regexp_replace(substr(c.entry, 13), path.own_in_list, '<schema>', 'gi')
      else c.entry end, chr(10) order by c.place) from unnest(p.proconfig) with ordinality c (entry, place)),
    'body', case when p.prosqlbody is not null then pg_get_function_sqlbody(p.oid) else ${ownName("p.prosrc")} end,
    'library', p.probin,
    'aggregate', (select concat_ws(', ', 'sfunc ' || a.aggtransfn::regproc::text, 'stype ' || format_type(a.aggtranstype, null), 'sspace ' || a.aggtransspace,
        'finalfunc ' || nullif(a.aggfinalfn::oid, 0)::regproc::text, 'finalfunc_extra ' || a.aggfinalextra, 'finalfunc_modify ' || a.aggfinalmodify::text,
        'combinefunc ' || nullif(a.aggcombinefn::oid, 0)::regproc::text, 'serialfunc ' || nullif(a.aggserialfn::oid, 0)::regproc::text,
        'deserialfunc ' || nullif(a.aggdeserialfn::oid, 0)::regproc::text, 'initcond ' || a.agginitval, 'msfunc ' || nullif(a.aggmtransfn::oid, 0)::regproc::text,
        'minvfunc ' || nullif(a.aggminvtransfn::oid, 0)::regproc::text, 'mstype ' || format_type(nullif(a.aggmtranstype, 0), null), 'msspace ' || a.aggmtransspace,
        'mfinalfunc ' || nullif(a.aggmfinalfn::oid, 0)::regproc::text, 'mfinalfunc_extra ' || a.aggmfinalextra, 'mfinalfunc_modify ' || a.aggmfinalmodify::text,
        'minitcond ' || a.aggminitval, 'sortop ' || nullif(a.aggsortop, 0)::regoperator::text, 'kind ' || a.aggkind::text)
      from pg_aggregate a where a.aggfnoid = p.oid),
    'owner', pg_get_userbyid(p.proowner),
    'privileges', ${privileges("p.proacl", `'f'::"char"`, "p.proowner")},
    'comment', ${comment("pg_proc", "p.oid")}
  )
from own join pg_proc p on p.oid = own.objid
where own.classid = 'pg_proc'::regclass`;
