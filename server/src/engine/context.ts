import type { Database } from "../db/database";
import type { RunContext } from "./guards";
import type { Plan } from "./plan";

/** Looks up once what all transactions of a run have in common. */
export async function contextOf(database: Database, run: string, plan: Plan): Promise<RunContext> {
  const { state, settings, options } = plan;
  return {
    run,
    state,
    options,
    publicSchema: settings.publicSchema,
    prototypeSchema: settings.prototypeSchema,
    pathAfter: pathAfter(plan),
    watchesClient: await canWatchClient(database),
    deferring: await mayDefer(database, plan),
    lockable: new Set(),
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
async function canWatchClient(database: Database): Promise<boolean> {
  if (database.abilities.sessions < 2) return false;
  return database.session(async (session) => {
    try {
      await session.script("begin; set local client_connection_check_interval = '2s'; rollback;");
      return true;
    } catch {
      await session.script("rollback").catch(() => undefined);
      return false;
    }
  });
}

/** Whether checks may be put off until a transaction's end: by constraints that are there, or by what the files say. */
async function mayDefer(database: Database, { stages }: Plan): Promise<boolean> {
  const said = /\binitially\s+deferred\b|\bset\s+constraints\b/i;
  if (stages.some(({ migrations }) => migrations.some(({ migration }) => said.test(migration.text)))) return true;
  const [row] = await database.session((session) =>
    session.query<{ found: boolean }>(
      "select exists (select from pg_catalog.pg_constraint where condeferred) as found",
    ),
  );
  return row?.found ?? true;
}
