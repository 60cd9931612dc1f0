import { type Database, DatabaseError, type Session } from "../db/database";
import { createGate } from "./gate";
import type { RunContext } from "./guards";
import type { Plan } from "./plan";

/** Looks up once what all transactions of a run have in common. */
export async function contextOf(database: Database, run: string, plan: Plan): Promise<RunContext> {
  const { state, settings, options } = plan;
  const server = await database.session(async (session) => ({
    watchesClient: database.abilities.sessions > 1 && (await canWatchClient(session)),
    ...(await lookUp(session, plan)),
  }));
  return {
    run,
    state,
    options,
    publicSchema: settings.publicSchema,
    prototypeSchema: settings.prototypeSchema,
    pathAfter: pathAfter(plan),
    lockable: new Set(),
    gate: createGate(),
    ...server,
  };
}

/** A tenant must find nothing in another tenant's schema, nor in the prototype. */
function pathAfter({ state, settings, options }: Plan): readonly string[] {
  if (options.searchPath !== "auto") return options.searchPath;
  const foreign = new Set([
    settings.publicSchema,
    settings.prototypeSchema,
    "tenantry",
    ...state.tenants.map(({ name }) => name),
  ]);
  return [settings.publicSchema, ...state.searchPath.filter((name) => !foreign.has(name))];
}

/** The setting is PostgreSQL 14's, and not of every platform. */
async function canWatchClient(session: Session): Promise<boolean> {
  try {
    await session.script("begin; set local client_connection_check_interval = '2s'; rollback;");
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === "connection") throw error;
    await session.script("rollback");
    return false;
  }
}

/** Whether checks may be put off until a transaction's end, by constraints that are there or by what the files say; and what room there is. */
async function lookUp(session: Session, { stages }: Plan): Promise<Pick<RunContext, "deferring" | "freeSessions">> {
  const said = /\binitially\s+deferred\b|\bset\s+constraints\b/i;
  const [row] = await session.query<{ deferring: boolean; free: number }>(
    `select exists (select from pg_catalog.pg_constraint where condeferred) as deferring,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - (select count(*)::int from pg_catalog.pg_stat_activity where backend_type = 'client backend') as free`,
  );
  return {
    deferring:
      (row?.deferring ?? true) ||
      stages.some(({ migrations }) => migrations.some(({ migration }) => said.test(migration.text))),
    freeSessions: Math.max(0, row?.free ?? 0),
  };
}
