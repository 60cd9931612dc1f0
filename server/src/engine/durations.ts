import type { Database } from "../db/database";
import type { FleetState } from "./state";

/** How long a stage of a past run took for one schema, in milliseconds. */
export interface PastDuration {
  /** What was applied, as plans name it. */
  readonly versions: readonly string[];
  readonly schemas: number;
  readonly median: number;
  /** Nineteen of twenty schemas took no longer. */
  readonly most: number;
  /** The day of the run. */
  readonly on: string;
}

/** How long the stages of the last runs took, the newest first. */
export async function readDurations(database: Database, { installed }: FleetState): Promise<PastDuration[]> {
  if (installed === 0) return [];
  const rows = await database.session((session) =>
    session.query<Omit<PastDuration, "versions"> & { versions: string }>(
      `select o.versions, count(*)::int as schemas, to_char(r.started_at, 'YYYY-MM-DD') as "on",
         percentile_disc(0.5) within group (order by o.milliseconds) as median,
         percentile_disc(0.95) within group (order by o.milliseconds) as most
       from (select id, started_at from tenantry.runs order by started_at desc limit 20) r
         join tenantry.outcomes o on o.run_id = r.id and o.outcome = 'applied'
       group by r.id, r.started_at, o.versions order by r.started_at desc, schemas desc`,
    ),
  );
  return rows.map(({ versions, ...row }) => ({ ...row, versions: versions.split(" ") }));
}

/** The last time that the same was done; null where it wasn't yet. */
export function durationOf(past: readonly PastDuration[], versions: readonly string[]): PastDuration | null {
  const wanted = versions.join(" ");
  return past.find((duration) => duration.versions.join(" ") === wanted) ?? null;
}
