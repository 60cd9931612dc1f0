import { catalogReader } from "../catalogReader";
import { inSchemas } from "./inSchemas";
import {
  castMethod,
  functionName,
  mappings,
  members,
  operatorName,
  ownCasts,
  ownLabels,
  ownTransforms,
  parserName,
  templateName,
  transformParts,
} from "./names";
import { comment, ownName } from "./parts";

const objects = `
select 'operator', null::text, substr(pg_describe_object(own.classid, own.objid, 0), length('operator ') + 1), json_build_object(
    'definition', concat_ws(', ', ${fn("o.oprcode")}, 'commutator ' || ${op("o.oprcom")}, 'negator ' || ${op("o.oprnegate")}, 'restrict ' || ${fn("o.oprrest")}, 'join ' || ${fn("o.oprjoin")},
      case when o.oprcanmerge then 'merges' end, case when o.oprcanhash then 'hashes' end),
    'owner', pg_get_userbyid(o.oprowner), 'comment', ${comment("pg_operator", "o.oid")})
from own join pg_operator o on o.oid = own.objid where own.classid = 'pg_operator'::regclass
union all
select 'operator family', null::text, format('%I using %I', f.opfname, a.amname), json_build_object(
    'members', ${members("d.refclassid = 'pg_opfamily'::regclass and d.refobjid = f.oid and d.deptype = 'a'", "n.oid")},
    'owner', pg_get_userbyid(f.opfowner), 'comment', ${comment("pg_opfamily", "f.oid")})
from own join pg_opfamily f on f.oid = own.objid join pg_am a on a.oid = f.opfmethod where own.classid = 'pg_opfamily'::regclass
union all
select 'operator class', null::text, format('%I using %I', c.opcname, a.amname), json_build_object(
    'type', format_type(c.opcintype, null), 'default', case when c.opcdefault then 'yes' end, 'family', f.opfname,
    'storage', case when c.opckeytype <> 0 then format_type(c.opckeytype, null) end,
    'members', ${members("d.refclassid = 'pg_opclass'::regclass and d.refobjid = c.oid and d.deptype = 'i'", "n.oid")},
    'owner', pg_get_userbyid(c.opcowner), 'comment', ${comment("pg_opclass", "c.oid")})
from own join pg_opclass c on c.oid = own.objid join pg_am a on a.oid = c.opcmethod join pg_opfamily f on f.oid = c.opcfamily where own.classid = 'pg_opclass'::regclass
union all
select 'collation', null::text, quote_ident(c.collname), json_build_object(
    'definition', concat_ws(', ', c.collprovider::text, c.collcollate, c.collctype, c.row ->> 'colllocale', c.row ->> 'colliculocale', c.row ->> 'collicurules', c.collisdeterministic),
    'owner', pg_get_userbyid(c.collowner), 'comment', ${comment("pg_collation", "c.oid")})
from own join (select c.*, to_jsonb(c) as row from pg_collation c offset 0) c on c.oid = own.objid where own.classid = 'pg_collation'::regclass
union all
select 'conversion', null::text, quote_ident(c.conname), json_build_object(
    'definition', format('from %s to %s by ', pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding)) || ${fn("c.conproc")},
    'default', case when c.condefault then 'yes' end, 'owner', pg_get_userbyid(c.conowner), 'comment', ${comment("pg_conversion", "c.oid")})
from own join pg_conversion c on c.oid = own.objid where own.classid = 'pg_conversion'::regclass
union all
select 'cast', null::text, format('from %s to %s', format_type(c.castsource, null), format_type(c.casttarget, null)), json_build_object(
    'definition', ${castMethod}, 'comment', ${comment("pg_cast", "c.oid")})
from (${ownCasts}) c
union all
select 'transform', null::text, format('for %s language %I', format_type(t.trftype, null), t.lanname), json_build_object('definition', ${transformParts}, 'comment', ${comment("pg_transform", "t.oid")})
from (${ownTransforms}) t
union all
select 'security label', null::text, format('of %s on %s', l.provider, pg_describe_object(l.classoid, l.objoid, l.objsubid)), json_build_object('label', l.label)
from (${ownLabels}) l
union all
select 'text search parser', null::text, quote_ident(p.prsname), json_build_object(
    'definition', concat_ws(', ', ${fn("p.prsstart")}, ${fn("p.prstoken")}, ${fn("p.prsend")}, 'headline ' || ${fn("p.prsheadline")}, ${fn("p.prslextype")}), 'comment', ${comment("pg_ts_parser", "p.oid")})
from own join pg_ts_parser p on p.oid = own.objid where own.classid = 'pg_ts_parser'::regclass
union all
select 'text search template', null::text, quote_ident(t.tmplname), json_build_object(
    'definition', concat_ws(', ', 'init ' || ${fn("t.tmplinit")}, 'lexize ' || ${fn("t.tmpllexize")}), 'comment', ${comment("pg_ts_template", "t.oid")})
from own join pg_ts_template t on t.oid = own.objid where own.classid = 'pg_ts_template'::regclass
union all
select 'text search dictionary', null::text, quote_ident(t.dictname), json_build_object(
    'template', ${templateName("t.dicttemplate", "n.oid")}, 'options', ${ownName("t.dictinitoption")}, 'owner', pg_get_userbyid(t.dictowner), 'comment', ${comment("pg_ts_dict", "t.oid")})
from own join pg_ts_dict t on t.oid = own.objid where own.classid = 'pg_ts_dict'::regclass
union all
select 'text search configuration', null::text, quote_ident(t.cfgname), json_build_object(
    'parser', ${parserName("t.cfgparser", "n.oid")},
    'mappings', (select string_agg(format('%s with %s', m.tokens, m.dictionaries), '; ' order by m.tokens collate "C") from ${mappings("t.oid", "t.cfgparser")} m),
    'owner', pg_get_userbyid(t.cfgowner), 'comment', ${comment("pg_ts_config", "t.oid")})
from own join pg_ts_config t on t.oid = own.objid where own.classid = 'pg_ts_config'::regclass
union all
select case own.classid when 'pg_extension'::regclass then 'extension' else 'object' end, null::text, pg_describe_object(own.classid, own.objid, 0), json_build_object()
from own where own.classid not in ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_statistic_ext'::regclass, 'pg_operator'::regclass, 'pg_opfamily'::regclass,
  'pg_opclass'::regclass, 'pg_collation'::regclass, 'pg_conversion'::regclass, 'pg_ts_parser'::regclass, 'pg_ts_template'::regclass, 'pg_ts_dict'::regclass, 'pg_ts_config'::regclass)`;

/**
 * The function that tells what is in a schema beside relations, types and routines: so seldom that it is planned only where there
 * is any.
 */
export const othersFunction = `
create or replace function tenantry.shape_others(of_schema oid)
returns table (kind text, parent text, name text, definition json)
${catalogReader}
as $others$
#variable_conflict use_column
begin
  return query
  select item.kind, item.parent, item.name, item.definition
  ${inSchemas("array[of_schema]", [objects])};
end
$others$;`;

/** What other objects there are, where there are any; who uses it has \`own\` and \`n\`. */
export const others = `
select o.kind, o.parent, o.name, o.definition from tenantry.shape_others(n.oid) o where exists (
  select from own where own.classid not in ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_statistic_ext'::regclass)) or exists (${ownCasts}) or exists (${ownTransforms}) or exists (${ownLabels})`;

function fn(id: string): string {
  return functionName(`nullif(${id}::oid, 0)`, "n.oid");
}

function op(id: string): string {
  const types = "format('(%s, %s)', format_type(nullif(y.oprleft, 0), null), format_type(y.oprright, null))";
  return `(select ${operatorName("y.oid", "n.oid")} || ${types} from pg_operator y where y.oid = nullif(${id}, 0))`;
}
