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
  const recorded = await session.query<Omit<Dependency, "message">>(
    "select object, schema, target from tenantry.dependencies($1::oid, $2::oid[]) order by object, target",
    [schema.id, `{${others.map(({ id }) => id).join(",")}}`],
  );
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
