import { catalogReader } from "../catalogReader";
import {
  castMethod,
  familyName,
  functionName,
  mappings,
  members,
  operatorName,
  ownCasts,
  ownTransforms,
  parserName,
  templateName,
  transformParts,
} from "../shape/names";

/**
 * The function that writes what is seldom in a schema: operators and their classes, base types, collations, conversions, casts, transforms, text
 * search. It is planned only where there is any. Phase 9 comes before all objects, 10 is theirs.
 */
export const rareFunction = `
create or replace function tenantry.rare_objects(of_schema oid, for_schema text)
returns table (phase integer, classid oid, id oid, statement text, kind text, name text, owner oid)
${catalogReader}
as $rare$
#variable_conflict use_column
begin
  return query
  with path as materialized (
    select n.oid as id, n.nspname::text as name, set_config('search_path', quote_ident(n.nspname) || ', pg_catalog', true) as set from pg_namespace n where n.oid = of_schema
  ), own as materialized (
    select d.classid, d.objid from path join pg_depend d on d.refclassid = 'pg_namespace'::regclass and d.refobjid = path.id and d.deptype = 'n' and path.set is not null
    where not exists (select from pg_depend e where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e')
  )
  select r.phase, r.classid::oid, r.id, r.statement, r.kind, r.name, r.owner from (${types()}
    union all ${operators()}
    union all ${operatorClasses()}
    union all ${textSearch()}
    union all ${others()}
  ) r (phase, classid, id, statement, kind, name, owner);
end
$rare$;`;

/** Whether a schema has any; who uses it has `own`. */
export const hasRare = `exists (select from own where own.classid not in ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_statistic_ext'::regclass))
  or exists (select from own join pg_type t on t.oid = own.objid left join pg_range r on r.rngtypid = t.oid where own.classid = 'pg_type'::regclass and (t.typtype in ('b', 'p') or r.rngcanonical <> 0))
  or exists (${ownCasts}) or exists (${ownTransforms})`;

/** Base types, and ranges that are normalised by a function: their functions are made between the name and the type. */
function types(): string {
  return `
    select case when t.typtype = 'p' then 10 else 9 end, 'pg_type'::regclass, t.oid, format('create type %I', t.typname), null, null, null::oid
    from own join pg_type t on t.oid = own.objid left join pg_range r on r.rngtypid = t.oid
    where own.classid = 'pg_type'::regclass and (t.typtype = 'b' or (t.typtype = 'p' and not t.typisdefined) or r.rngcanonical <> 0)
    union all
    select 10, 'pg_type'::regclass, t.oid, tenantry.base_type_statement(t.oid), null, null, null
    from own join pg_type t on t.oid = own.objid where own.classid = 'pg_type'::regclass and t.typtype = 'b'`;
}

function operators(): string {
  const option = (name: string, id: string) =>
    `coalesce(', ${name} = operator(' || ${operatorName(`nullif(${id}, 0)`, "path.id")} || ')', '')`;
  const estimator = (name: string, id: string) =>
    `coalesce(', ${name} = ' || ${functionName(`nullif(${id}::oid, 0)`, "path.id")}, '')`;
  return `
    select 10, 'pg_operator'::regclass, o.oid, case when o.oprcode = 0 then null else format('create operator %s (function = %s', o.oprname, ${functionName("o.oprcode::oid", "path.id")})
      || case when o.oprleft <> 0 then ', leftarg = ' || format_type(o.oprleft, null) else '' end || ', rightarg = ' || format_type(o.oprright, null)
      || ${option("commutator", "o.oprcom")} || ${option("negator", "o.oprnegate")} || ${estimator("restrict", "o.oprrest")} || ${estimator("join", "o.oprjoin")}
      || case when o.oprcanhash then ', hashes' else '' end || case when o.oprcanmerge then ', merges' else '' end || ')' end,
      'operator', o.oprname || ' (' || case when o.oprleft = 0 then 'none' else format_type(o.oprleft, null) end || ', ' || format_type(o.oprright, null) || ')', o.oprowner
    from path, own join pg_operator o on o.oid = own.objid where own.classid = 'pg_operator'::regclass`;
}

function operatorClasses(): string {
  const loose = members("d.refclassid = 'pg_opfamily'::regclass and d.refobjid = f.oid and d.deptype = 'a'", "path.id");
  const fixed = members("d.refclassid = 'pg_opclass'::regclass and d.refobjid = c.oid and d.deptype = 'i'", "path.id");
  return `
    select 10, 'pg_opfamily'::regclass, f.oid, format('create operator family %I using %I', f.opfname, a.amname)
        || coalesce(format(E';\\nalter operator family %I using %I add ', f.opfname, a.amname) || ${loose}, ''), 'operator family', format('%I using %I', f.opfname, a.amname), f.opfowner
    from path, own join pg_opfamily f on f.oid = own.objid join pg_am a on a.oid = f.opfmethod where own.classid = 'pg_opfamily'::regclass
    union all
    select 10, 'pg_opclass'::regclass, c.oid, format('create operator class %I %sfor type %s using %I family %s as ', c.opcname, case when c.opcdefault then 'default ' else '' end,
        format_type(c.opcintype, null), a.amname, ${familyName("c.opcfamily", "path.id")})
      || concat_ws(', ', case when c.opckeytype <> 0 or m.list is null then 'storage ' || format_type(coalesce(nullif(c.opckeytype, 0), c.opcintype), null) end, m.list),
      'operator class', format('%I using %I', c.opcname, a.amname), c.opcowner
    from path, own join pg_opclass c on c.oid = own.objid join pg_am a on a.oid = c.opcmethod cross join lateral (select ${fixed} as list) m where own.classid = 'pg_opclass'::regclass`;
}

function textSearch(): string {
  const functions = (...options: [string, string][]) =>
    options.map(([name, id]) => `'${name} = ' || ${functionName(`nullif(${id}::oid, 0)`, "path.id")}`).join(", ");
  const parser = functions(
    ["start", "t.prsstart"],
    ["gettoken", "t.prstoken"],
    ["end", "t.prsend"],
    ["headline", "t.prsheadline"],
    ["lextypes", "t.prslextype"],
  );
  return `
    select 10, 'pg_ts_parser'::regclass, t.oid, format('create text search parser %I (', t.prsname) || concat_ws(', ', ${parser}) || ')', 'text search parser', quote_ident(t.prsname), null
    from path, own join pg_ts_parser t on t.oid = own.objid where own.classid = 'pg_ts_parser'::regclass
    union all
    select 10, 'pg_ts_template'::regclass, t.oid, format('create text search template %I (', t.tmplname) || concat_ws(', ', ${functions(["init", "t.tmplinit"], ["lexize", "t.tmpllexize"])}) || ')',
      'text search template', quote_ident(t.tmplname), null
    from path, own join pg_ts_template t on t.oid = own.objid where own.classid = 'pg_ts_template'::regclass
    union all
    select 10, 'pg_ts_dict'::regclass, t.oid, format('create text search dictionary %I (', t.dictname) || concat_ws(', ', 'template = ' || ${templateName("t.dicttemplate", "path.id")},
        (tenantry.rename_schema(t.dictinitoption, path.name, for_schema)).renamed) || ')', 'text search dictionary', quote_ident(t.dictname), t.dictowner
    from path, own join pg_ts_dict t on t.oid = own.objid where own.classid = 'pg_ts_dict'::regclass
    union all
    select 10, 'pg_ts_config'::regclass, t.oid, format('create text search configuration %I (parser = %s)', t.cfgname, ${parserName("t.cfgparser", "path.id")})
        || coalesce((select string_agg(format(E';\\nalter text search configuration %I add mapping for %s with %s', t.cfgname, m.tokens, m.dictionaries), '' order by m.tokens)
          from ${mappings("t.oid", "t.cfgparser")} m), ''), 'text search configuration', quote_ident(t.cfgname), t.cfgowner
    from path, own join pg_ts_config t on t.oid = own.objid where own.classid = 'pg_ts_config'::regclass`;
}

function others(): string {
  return `
    select 10, 'pg_collation'::regclass, c.oid, format('create collation %I from %I.%I', c.collname, path.name, c.collname), 'collation', quote_ident(c.collname), c.collowner
    from path, own join pg_collation c on c.oid = own.objid where own.classid = 'pg_collation'::regclass
    union all
    select 10, 'pg_conversion'::regclass, c.oid, format('create %sconversion %I for %L to %L from %s', case when c.condefault then 'default ' else '' end, c.conname,
        pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), ${functionName("c.conproc::oid", "path.id")}), 'conversion', quote_ident(c.conname), c.conowner
    from path, own join pg_conversion c on c.oid = own.objid where own.classid = 'pg_conversion'::regclass
    union all
    select 10, 'pg_transform'::regclass, t.oid, format('create transform for %s language %I (', format_type(t.trftype, null), t.lanname) || ${transformParts} || ')',
      'transform', format('for %s language %I', format_type(t.trftype, null), t.lanname), null
    from (${ownTransforms}) t
    union all
    select 10, 'pg_cast'::regclass, c.oid, format('create cast (%s as %s) ', format_type(c.castsource, null), format_type(c.casttarget, null)) || ${castMethod},
      'cast', format('(%s as %s)', format_type(c.castsource, null), format_type(c.casttarget, null)), null
    from (${ownCasts}) c`;
}
