import { functionName } from "../shape/names";

/**
 * Functions, procedures and aggregates. What the server parsed is written by it; a text that it keeps as it was written goes
 * through `rename_schema`.
 */
export const routineStatements = `
select 'pg_proc'::regclass, p.oid, case when p.prokind = 'a' then tenantry.aggregate_statement(p.oid)
  else format('create %s %I(%s)%s language %I', case p.prokind when 'p' then 'procedure' else 'function' end, p.proname, pg_get_function_arguments(p.oid),
      case when p.prokind = 'p' then '' else ' returns ' || pg_get_function_result(p.oid) end, (select lanname from pg_language where oid = p.prolang))
    || coalesce((select ' transform ' || string_agg('for type ' || format_type(t, null), ', ') from unnest(p.protrftypes) t), '')
    || case when p.prokind = 'w' then ' window' else '' end
    || case p.provolatile when 'i' then ' immutable' when 's' then ' stable' else '' end
    || case when p.proleakproof then ' leakproof' else '' end || case when p.proisstrict then ' strict' else '' end
    || case when p.prosecdef then ' security definer' else '' end
    || case p.proparallel when 's' then ' parallel safe' when 'r' then ' parallel restricted' else '' end
    || case when p.prokind = 'p' then '' else ' cost ' || p.procost || case when p.proretset and p.prorows > 0 then ' rows ' || p.prorows else '' end end
    || coalesce(' support ' || ${functionName("nullif(p.prosupport::oid, 0)", "path.id")}, '')
    || coalesce((select string_agg(' set ' || setting.name || ' to ' || setting.value, '' order by setting.place) from (
        select c.place, quote_ident(split_part(c.entry, '=', 1)) as name, case
          when split_part(c.entry, '=', 1) in ('search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries', 'shared_preload_libraries') then
            (select coalesce(string_agg(quote_literal(case when e.name = path.name then path.target else e.name end), ', ' order by e.place), '''''')
             from (select place, case when m[1] is null then m[2] else replace(m[1], '""', '"') end as name
               from regexp_matches(substr(c.entry, strpos(c.entry, '=') + 1), '"((?:[^"]|"")*)"|([^,[:space:]"]+)', 'g') with ordinality as r (m, place)) e)
          else quote_literal(substr(c.entry, strpos(c.entry, '=') + 1)) end as value
        from unnest(p.proconfig) with ordinality as c (entry, place)) setting), '')
    || case when p.prosqlbody is not null then ' ' || pg_get_function_sqlbody(p.oid)
         when (select lanname from pg_language where oid = p.prolang) = 'c' then ' as ' || quote_literal(p.probin) || ', ' || quote_literal(p.prosrc)
         when (select lanname from pg_language where oid = p.prolang) not in ('sql', 'plpgsql') then ' as ' || quote_literal(p.prosrc)
         else ' as ' || quote_literal((tenantry.rename_schema(p.prosrc, path.name, path.target)).renamed) end
  end
from path, own join pg_proc p on p.oid = own.objid
where own.classid = 'pg_proc'::regclass
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')`;
