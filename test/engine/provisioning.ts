import type { Session } from "../../server/src/db/database";
import { install } from "../../server/src/engine/installation";
import { type Provisioned, provisionTenants } from "../../server/src/engine/provision/provision";
import { compareWithPrototype } from "../../server/src/engine/shape/comparison";
import type { NamedSchema } from "../../server/src/engine/shape/shape";
import { onServer } from "./databases";
import { defaults, type Fleet } from "./fleet";
import { historySql } from "./prototype";

/** A prototype of one table. */
export async function withSmall(use: (fleet: Fleet) => Promise<void>, more = ""): Promise<void> {
  await onServer(async (fleet) => {
    await fleet.sql(
      `create schema prototype; create table prototype.orders (id serial primary key, note text); ${more}`,
    );
    await install(fleet.database);
    await fleet.sql(historySql);
    await use(fleet);
  });
}

/** By the function for sign-up code. */
export const provision = ({ database }: Fleet, name: string) =>
  database.session((session) => session.query("select tenantry.provision($1::text) as version", [name]));

/** As the command does it. */
export async function provisionMany(
  { database }: Fleet,
  tenants: readonly string[],
  stop = new AbortController().signal,
): Promise<Provisioned[]> {
  const results: Provisioned[] = [];
  await provisionTenants(database, {
    tenants,
    prototype: "prototype",
    options: defaults,
    settle: (result) => results.push(result),
    stop,
  });
  return results;
}

/** All schemas but the server's and that of the records. */
export const schemas = async ({ sql }: Fleet) =>
  (
    await sql<{ name: string }>(
      "select nspname::text as name from pg_namespace where nspname !~ '^(pg_|information_schema$|tenantry$)' order by 1",
    )
  ).map(({ name }) => name);

/** Where a schema differs from the prototype. */
export async function compare(session: Session, name: string) {
  const rows = await session.query<NamedSchema>("select nspname::text as name, oid::int as id from pg_namespace");
  const schemaOf = (wanted: string) => rows.find((row) => row.name === wanted) as NamedSchema;
  return compareWithPrototype(session, schemaOf("prototype"), [schemaOf(name)]);
}
