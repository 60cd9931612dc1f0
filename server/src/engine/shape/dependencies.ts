import type { Session } from "../../db/database";
import { analyse } from "../../sql/analyse";
import { identifier } from "../guards";
import type { NamedSchema } from "./shape";

/** Something of a schema that lives on something of another one, such as a default that takes its number from there. */
export interface Dependency {
  /** What depends, such as `default value for column id of table orders`. */
  readonly object: string;
  /** The schema that it depends on, and what there. */
  readonly schema: string;
  readonly target: string;
  readonly message: string;
}

/**
 * What of a schema depends on one of the schemas that it should know nothing of: the prototype, other tenants. The server keeps
 * account of it for all but the bodies of functions, which are read.
 */
export async function dependenciesOf(
  session: Session,
  schema: NamedSchema,
  foreign: readonly NamedSchema[],
): Promise<Dependency[]> {
  const others = foreign.filter(({ id }) => id !== schema.id);
  const recorded = await session.query<Omit<Dependency, "message">>(recordedQuery, [
    schema.id,
    `{${others.map(({ id }) => id).join(",")}}`,
    `${identifier(schema.name)}, pg_catalog`,
  ]);
  return [...recorded, ...(await namedInBodies(session, schema, new Set(others.map(({ name }) => name))))].map(
    (dependency) => ({ ...dependency, message: `${dependency.object} depends on ${dependency.target}` }),
  );
}

async function namedInBodies(
  session: Session,
  schema: NamedSchema,
  foreign: ReadonlySet<string>,
): Promise<Omit<Dependency, "message">[]> {
  const functions = await session.query<{ name: string; definition: string }>(
    `select p.oid::regprocedure::text as name, pg_get_functiondef(p.oid) as definition from pg_catalog.pg_proc p
     where p.pronamespace = $1::oid and p.prokind <> 'a' and p.prosqlbody is null
       and p.prolang in (select oid from pg_catalog.pg_language where lanname in ('sql', 'plpgsql'))`,
    [schema.id],
  );
  const found: Omit<Dependency, "message">[] = [];
  for (const { name, definition } of functions) {
    const { statements } = await analyse(definition, "postgresql");
    const named = new Set(statements.flatMap(({ facts }) => facts.schemas.map((mention) => mention.schema)));
    for (const other of named) {
      if (foreign.has(other))
        found.push({
          object: `function ${name}`,
          schema: other,
          target: `schema ${identifier(other)}, which its text names`,
        });
    }
  }
  return found;
}

/** Everything of a schema with its parts, and what of other schemas it needs; `$3` is the path under which names are written. */
const recordedQuery = `with path as materialized (select set_config('search_path', $3::text, true) as set),
relations as materialized (
  select c.oid from pg_catalog.pg_class c, path where c.relnamespace = $1::oid
), objects as materialized (
  select 'pg_catalog.pg_class'::regclass as classid, oid as objid from relations
  union all select 'pg_catalog.pg_attrdef'::regclass, d.oid from pg_catalog.pg_attrdef d join relations r on r.oid = d.adrelid
  union all select 'pg_catalog.pg_constraint'::regclass, c.oid from pg_catalog.pg_constraint c where c.connamespace = $1::oid
  union all select 'pg_catalog.pg_trigger'::regclass, t.oid from pg_catalog.pg_trigger t join relations r on r.oid = t.tgrelid where not t.tgisinternal
  union all select 'pg_catalog.pg_rewrite'::regclass, w.oid from pg_catalog.pg_rewrite w join relations r on r.oid = w.ev_class
  union all select 'pg_catalog.pg_policy'::regclass, p.oid from pg_catalog.pg_policy p join relations r on r.oid = p.polrelid
  union all select 'pg_catalog.pg_type'::regclass, t.oid from pg_catalog.pg_type t where t.typnamespace = $1::oid
  union all select 'pg_catalog.pg_proc'::regclass, p.oid from pg_catalog.pg_proc p where p.pronamespace = $1::oid
  union all select 'pg_catalog.pg_operator'::regclass, o.oid from pg_catalog.pg_operator o where o.oprnamespace = $1::oid
  union all select 'pg_catalog.pg_statistic_ext'::regclass, s.oid from pg_catalog.pg_statistic_ext s where s.stxnamespace = $1::oid
), needed as (
  select o.classid, o.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid,
    case d.refclassid
      when 'pg_catalog.pg_class'::regclass then (select relnamespace from pg_catalog.pg_class where oid = d.refobjid)
      when 'pg_catalog.pg_type'::regclass then (select typnamespace from pg_catalog.pg_type where oid = d.refobjid)
      when 'pg_catalog.pg_proc'::regclass then (select pronamespace from pg_catalog.pg_proc where oid = d.refobjid)
      when 'pg_catalog.pg_operator'::regclass then (select oprnamespace from pg_catalog.pg_operator where oid = d.refobjid)
      when 'pg_catalog.pg_collation'::regclass then (select collnamespace from pg_catalog.pg_collation where oid = d.refobjid)
      when 'pg_catalog.pg_constraint'::regclass then (select connamespace from pg_catalog.pg_constraint where oid = d.refobjid)
    end as namespace
  from objects o join pg_catalog.pg_depend d on d.classid = o.classid and d.objid = o.objid
)
select distinct pg_catalog.pg_describe_object(classid, objid, objsubid) as object, n.nspname::text as schema,
  pg_catalog.pg_describe_object(refclassid, refobjid, refobjsubid) as target
from needed join pg_catalog.pg_namespace n on n.oid = needed.namespace
where needed.namespace = any ($2::oid[])
order by 1, 3`;
