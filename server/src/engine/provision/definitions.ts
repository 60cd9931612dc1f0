import { functionName, operatorName } from "../shape/names";

/** The functions that write aggregates and base types as the statements that make them; they are seldom, and planned only where there are any. */
export const definitionFunctions = `
create or replace function tenantry.aggregate_statement(id oid) returns text
${beginning()}
  return (with path as materialized (${pathOf("pg_proc", "pro")})
  select format('create aggregate %I(%s) (sfunc = %s, stype = %s', p.proname, coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'), ${functionName("a.aggtransfn::oid", "path.id")}, format_type(a.aggtranstype, null))
    || case when a.aggtransspace <> 0 then ', sspace = ' || a.aggtransspace else '' end
    || ${option("finalfunc", "a.aggfinalfn")} || case when a.aggfinalextra then ', finalfunc_extra' else '' end
    || case when a.aggfinalfn <> 0 then ', finalfunc_modify = ' || ${modify("a.aggfinalmodify")} else '' end
    || ${option("combinefunc", "a.aggcombinefn")} || ${option("serialfunc", "a.aggserialfn")} || ${option("deserialfunc", "a.aggdeserialfn")}
    || coalesce(', initcond = ' || quote_literal(a.agginitval), '')
    || ${option("msfunc", "a.aggmtransfn")} || ${option("minvfunc", "a.aggminvtransfn")}
    || case when a.aggmtranstype <> 0 then ', mstype = ' || format_type(a.aggmtranstype, null) else '' end
    || case when a.aggmtransspace <> 0 then ', msspace = ' || a.aggmtransspace else '' end
    || ${option("mfinalfunc", "a.aggmfinalfn")} || case when a.aggmfinalextra then ', mfinalfunc_extra' else '' end
    || case when a.aggmfinalfn <> 0 then ', mfinalfunc_modify = ' || ${modify("a.aggmfinalmodify")} else '' end
    || coalesce(', minitcond = ' || quote_literal(a.aggminitval), '')
    || coalesce(', sortop = operator(' || ${operatorName("nullif(a.aggsortop, 0)", "path.id")} || ')', '')
    || case p.proparallel when 's' then ', parallel = safe' when 'r' then ', parallel = restricted' else '' end
    || case when a.aggkind = 'h' then ', hypothetical' else '' end || ')'
  from path join pg_proc p on p.oid = aggregate_statement.id and path.set is not null join pg_aggregate a on a.aggfnoid = p.oid);
end
$definition$;

create or replace function tenantry.base_type_statement(id oid) returns text
${beginning()}
  return (with path as materialized (${pathOf("pg_type", "typ")})
  select format('create type %I (input = %s, output = %s', t.typname, ${functionName("t.typinput::oid", "path.id")}, ${functionName("t.typoutput::oid", "path.id")})
    || ${option("receive", "t.typreceive")} || ${option("send", "t.typsend")} || ${option("typmod_in", "t.typmodin")} || ${option("typmod_out", "t.typmodout")}
    || ${option("analyze", "t.typanalyze")} || ${option("subscript", "t.typsubscript")}
    || ', internallength = ' || case when t.typlen < 0 then 'variable' else t.typlen::text end || case when t.typbyval then ', passedbyvalue' else '' end
    || ', alignment = ' || case t.typalign when 'c' then 'char' when 's' then 'int2' when 'i' then 'int4' else 'double' end
    || ', storage = ' || case t.typstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end
    || format(', category = %L, preferred = %s', t.typcategory, t.typispreferred::text) || coalesce(', default = ' || quote_literal(t.typdefault), '')
    || case when t.typelem <> 0 then ', element = ' || format_type(t.typelem, null) else '' end
    || format(', delimiter = %L, collatable = %s)', t.typdelim, (t.typcollation <> 0)::text)
  from path join pg_type t on t.oid = base_type_statement.id and path.set is not null);
end
$definition$;`;

function beginning(): string {
  return `language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set jit = off
as $definition$
begin`;
}

function pathOf(catalog: string, prefix: string): string {
  return `
    select s.oid as id, set_config('search_path', quote_ident(s.nspname) || ', pg_catalog', true) as set
    from ${catalog} o join pg_namespace s on s.oid = o.${prefix}namespace where o.oid = id`;
}

function option(name: string, id: string): string {
  return `coalesce(', ${name} = ' || ${functionName(`nullif(${id}::oid, 0)`, "path.id")}, '')`;
}

function modify(sign: string): string {
  return `case ${sign} when 's' then 'shareable' when 'w' then 'read_write' else 'read_only' end`;
}
