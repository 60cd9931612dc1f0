/** Names of what is referred to, as expressions: what is the schema's own stands without it, all else with its schema. */

/** A function without its arguments: unlike `regproc`, also where several of the schema's own have that name. */
export function functionName(id: string, schema: string): string {
  return nameFrom("pg_proc", "pro", id, schema);
}

export function operatorName(id: string, schema: string): string {
  return `(select ${qualifier("x.oprnamespace", schema)} || x.oprname from pg_operator x where x.oid = ${id})`;
}

export function templateName(id: string, schema: string): string {
  return nameFrom("pg_ts_template", "tmpl", id, schema);
}

export function parserName(id: string, schema: string): string {
  return nameFrom("pg_ts_parser", "prs", id, schema);
}

export function familyName(id: string, schema: string): string {
  return nameFrom("pg_opfamily", "opf", id, schema);
}

export function operatorClassName(id: string, schema: string): string {
  return nameFrom("pg_opclass", "opc", id, schema);
}

function nameFrom(catalog: string, prefix: string, id: string, schema: string): string {
  return `(select ${qualifier(`x.${prefix}namespace`, schema)} || quote_ident(x.${prefix}name) from ${catalog} x where x.oid = ${id})`;
}

function qualifier(namespace: string, schema: string): string {
  return `case when ${namespace} = ${schema} then '' else (select quote_ident(s.nspname) || '.' from pg_namespace s where s.oid = ${namespace}) end`;
}

/**
 * What an operator class or a loose part of a family consists of, in one order.
 * @param owner a condition on the entry \`d\` of \`pg_depend\` that ties a member to it
 */
export function members(owner: string, schema: string): string {
  return `(select string_agg(m.text, ', ' order by m.text collate "C") from (
    select format('operator %s %s (%s, %s)', entry.amopstrategy, ${operatorName("entry.amopopr", schema)}, format_type(entry.amoplefttype, null), format_type(entry.amoprighttype, null))
      || coalesce(' for order by ' || ${familyName("nullif(entry.amopsortfamily, 0)", schema)}, '') as text
    from pg_depend d join pg_amop entry on entry.oid = d.objid where d.classid = 'pg_amop'::regclass and ${owner}
    union all
    select format('function %s (%s, %s) %s', support.amprocnum, format_type(support.amproclefttype, null), format_type(support.amprocrighttype, null), support.amproc::regprocedure)
    from pg_depend d join pg_amproc support on support.oid = d.objid where d.classid = 'pg_amproc'::regclass and ${owner}
  ) m)`;
}

/** Which tokens a text search configuration gives to which dictionaries, one row (\`tokens\`, \`dictionaries\`) for each list of these. */
export function mappings(configuration: string, parser: string): string {
  return `(select string_agg(quote_ident(k.alias), ', ' order by k.alias collate "C") as tokens, k.dictionaries from (
    select token.alias, string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno) as dictionaries
    from pg_ts_config_map m join ts_token_type(${parser}) token on token.tokid = m.maptokentype where m.mapcfg = ${configuration} group by token.alias) k group by k.dictionaries)`;
}

/** How a cast goes on after its types. */
export const castMethod = `case c.castmethod when 'f' then 'with function ' || c.castfunc::regprocedure when 'i' then 'with inout' else 'without function' end
  || case c.castcontext when 'a' then ' as assignment' when 'i' then ' as implicit' else '' end`;

/** The transforms of the schema's own types; who uses it has `own`. */
export const ownTransforms = `
select t.*, l.lanname from own join pg_depend d on d.refclassid = 'pg_type'::regclass and d.refobjid = own.objid and d.classid = 'pg_transform'::regclass
join pg_transform t on t.oid = d.objid join pg_language l on l.oid = t.trflang where own.classid = 'pg_type'::regclass
  and not exists (select from pg_depend e where e.classid = 'pg_transform'::regclass and e.objid = t.oid and e.deptype = 'e')`;

/** What a transform is made of. */
export const transformParts = `concat_ws(', ', 'from sql with function ' || nullif(t.trffromsql::oid, 0)::regprocedure, 'to sql with function ' || nullif(t.trftosql::oid, 0)::regprocedure)`;

/** The security labels of the schema's objects and their columns; who uses it has `own`. */
export const ownLabels = "select l.* from own join pg_seclabel l on l.objoid = own.objid and l.classoid = own.classid";

/** The casts from and to the schema's own types, also the rows of its tables, but those that come with a range; who uses it has `own`. */
export const ownCasts = `
select c.* from pg_cast c where c.oid in (
  select d.objid from own join pg_depend d on d.refclassid = 'pg_type'::regclass and d.refobjid = own.objid and d.classid = 'pg_cast'::regclass where own.classid = 'pg_type'::regclass
  union all
  select d.objid from own join pg_class r on r.oid = own.objid join pg_depend d on d.refclassid = 'pg_type'::regclass and d.refobjid = r.reltype and d.classid = 'pg_cast'::regclass
  where own.classid = 'pg_class'::regclass and r.reltype <> 0)
and not exists (select from pg_depend e where e.classid = 'pg_cast'::regclass and e.objid = c.oid and e.deptype in ('e', 'i'))`;
