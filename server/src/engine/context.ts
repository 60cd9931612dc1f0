import { type Abilities, type Database, DatabaseError, type Session } from "../db/database";
import { createGate } from "./gate";
import type { RunContext } from "./guards";
import { firstLevel } from "./pace";
import type { Plan } from "./plan";

/** Looks up once what all transactions of a run have in common. */
export async function contextOf(database: Database, run: string, plan: Plan): Promise<RunContext> {
  const { state, settings, options } = plan;
  const server = await database.session((session) => lookUp(session, plan, database.abilities));
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

/** Whether a second file of a transaction may rely on checks that are put off, by constraints that are there or by what the files say; and what room there is. */
async function lookUp(session: Session, { stages, options }: Plan, abilities: Abilities): Promise<LookedUp> {
  const isAsked = stages.some(({ migrations }) => migrations.filter(({ changesRows }) => changesRows).length > 1);
  const said = /\binitially\s+deferred\b|\bset\s+constraints\b/i;
  const isSaid = stages.some(({ migrations }) => migrations.some(({ migration }) => said.test(migration.text)));
  const [row, watchesClient] = await askServer(
    session,
    question(firstLevel(options.concurrency, abilities), isAsked && !isSaid),
    abilities.sessions > 1,
  );
  return {
    watchesClient,
    deferring: isAsked && (isSaid || (row?.deferring ?? true)),
    freeSessions: Math.max(0, row?.free ?? 0),
  };
}

type LookedUp = Pick<RunContext, "watchesClient" | "deferring" | "freeSessions">;

interface Answer {
  readonly deferring: boolean;
  readonly free: number;
}

/**
 * Sessions that this run has opened already are as free for it as those that nobody has.
 * @param opened how many those are at most
 * @param ofConstraints in a large fleet the answer takes the server longer than a tenant
 */
function question(opened: number, ofConstraints: boolean): string {
  const deferring = ofConstraints ? "exists (select from pg_catalog.pg_constraint where condeferred)" : "false";
  return `select ${deferring} as deferring,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - (select count(*)::int - least(count(*) filter (where application_name = current_setting('application_name')), ${opened})::int
         from pg_catalog.pg_stat_activity where backend_type = 'client backend') as free;`;
}

/** Asks, and tries meanwhile whether the server can watch its client: the setting is PostgreSQL 14's, and not of every platform. */
async function askServer(session: Session, sql: string, isServer: boolean): Promise<[Answer | undefined, boolean]> {
  if (isServer) {
    try {
      const watching = `begin; set local client_connection_check_interval = '2s'; ${sql} rollback;`;
      const [row] = await session.script<Answer>(watching, () => "rollback;");
      return [row, true];
    } catch (error) {
      if (error instanceof DatabaseError && error.kind === "connection") throw error;
    }
  }
  const [row] = await session.script<Answer>(sql);
  return [row, false];
}
