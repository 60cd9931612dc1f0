import type { Database } from "../db/database";
import { isAliveSql } from "./advisoryLocks";
import type { PlanStage } from "./events";
import type { FleetState, SchemaState } from "./state";
import { shownTimeSql } from "./text";

/** What the last run left undone. */
export interface LastRun {
  /** Who ran it and when, for people. */
  readonly description: string;
  /** Where it goes on, or broke off without having said how, not all that fails in it is on record. */
  readonly state: "running" | "lost" | "ended";
  /**
   * The tenants that failed and are still there, and the prototype where it did; also those that had failed before and that the
   * run set out for without coming to them, as a retry that broke off leaves them.
   */
  readonly failed: readonly SchemaState[];
  /** Whether a public migration failed. */
  readonly publicFailed: boolean;
  /** The names of those that failed, and that nothing lists any more. */
  readonly gone: readonly string[];
}

/** Reads which schemas failed in the last run, or in one beside it; null where none is recorded. */
export async function readLastRun(database: Database, state: FleetState): Promise<LastRun | null> {
  if (state.installed === 0) return null;
  const [row] = await database.session((session) =>
    session.query<Pick<LastRun, "description" | "state"> & { failed: string; stages: string }>(lastRunQuery(state)),
  );
  if (row === undefined) return null;
  const schemas = [state.public, state.prototype, ...state.tenants].filter((schema) => schema !== null);
  const byId = new Map(schemas.map((schema) => [schema.id, schema]));
  const byName = new Map(schemas.map((schema) => [schema.name, schema]));
  const failed = new Set<SchemaState>();
  const gone: string[] = [];
  for (const { id, name } of JSON.parse(row.failed) as { id: number; name: string }[]) {
    const schema = byId.get(id) ?? byName.get(name);
    if (schema === undefined) gone.push(name);
    else failed.add(schema);
  }
  for (const schema of setOutFor(JSON.parse(row.stages) as PlanStage[], byName)) {
    if (schema.failure !== null) failed.add(schema);
  }
  const publicFailed = state.public !== null && failed.delete(state.public);
  return { description: row.description, state: row.state, failed: [...failed], publicFailed, gone };
}

function setOutFor(stages: readonly PlanStage[], byName: ReadonlyMap<string, SchemaState>): SchemaState[] {
  const names = new Set(stages.flatMap(({ tenants }) => tenants));
  return [...names].flatMap((name) => byName.get(name) ?? []);
}

function lastRunQuery({ copiedFrom }: FleetState): string {
  // In a copy the schemas' numbers are another database's.
  const id = copiedFrom === null ? "o.schema_id::bigint" : "0";
  return `with last as (
  select * from tenantry.runs order by started_at desc limit 1
)
select format('by %s on %s, %s', last.user_name, last.host, ${shownTimeSql("last.started_at")}) as description,
  case when last.state = 'running' and ${isAliveSql("last")} then 'running' when last.state in ('running', 'lost') then 'lost' else 'ended' end as state, (
  select coalesce(json_agg(distinct jsonb_build_object('id', ${id}, 'name', o.schema_name)), '[]')
  from tenantry.outcomes o join tenantry.runs r on r.id = o.run_id
  where o.outcome = 'failed' and (r.id = last.id or coalesce(r.finished_at, 'infinity') > last.started_at)
)::text as failed, last.stages
from last`;
}
