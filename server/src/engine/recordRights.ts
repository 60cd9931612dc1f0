import type { Database, DatabaseError } from "../db/database";
import { identifier } from "./guards";
import type { FleetState } from "./state";
import { fewNames } from "./text";

/** What the connected role lacks to keep the records, and who can give it; null where it lacks nothing. */
export function unwritableMessage({ role, unwritable, database }: FleetState): string | null {
  if (unwritable === null) return null;
  const name = identifier(role);
  return unwritable === "not installed"
    ? `Tenantry keeps its records in a schema "tenantry", which the role ${name} may not make in ${database.label}. Connect as a role that may create schemas, or let the database's owner run: create schema tenantry authorization ${name};`
    : `The role ${name} may not write ${fewNames(unwritable.map((table) => `tenantry.${table}`))}, where Tenantry keeps its records. Connect as the role that made the schema "tenantry", or let it run: ${grantStatement(role)}`;
}

/** What the connected role lacks to work with the records that there are, and who can give it. */
export async function deniedMessage(database: Database, error: DatabaseError): Promise<string> {
  const [row] = await database.session((session) => session.query<{ role: string }>("select current_user as role"));
  return `The records in the schema "tenantry" are out of this role's reach: ${error.message}. Connect as the role that runs the migrations, or let that role run: ${grantStatement(row?.role ?? "public")}`;
}

function grantStatement(role: string): string {
  const name = identifier(role);
  return `grant usage on schema tenantry to ${name}; grant select, insert, update, delete on all tables in schema tenantry to ${name};`;
}
