import { createHash } from "node:crypto";
import { literal } from "./guards";
import { rowOf, sameKeySql } from "./history";
import type { PreparedMigration } from "./prepare";
import type { StatementRun } from "./statementByStatement";

/** How far a `no-transaction` file came in one schema. */
export interface Claim {
  /** How many statements are done. */
  readonly done: number;
  /** Whether the statement after them was begun, and nobody saw its end. */
  readonly begun: boolean;
  /** Over the statements that are done, as they stood in the file. */
  readonly checksum: string;
}

/** The claim's key, as the list of its values. */
export function keyOf(run: StatementRun): string {
  return `${placeOf(run)}, ${keyLiteral(run)}`;
}

function placeOf({ context, schema }: StatementRun): string {
  return `${context.state.database.id}, ${schema.id}`;
}

function keyLiteral({ migration }: StatementRun): string {
  return literal(rowOf(migration.migration).key);
}

/** Begins a claim, or takes over the one that an interrupted run left, also where the file wrote its version in another way then. */
export function takeClaimStatements(run: StatementRun): string[] {
  return [
    `update tenantry.claims set key = ${keyLiteral(run)}
where (database_id, schema_id) = (${placeOf(run)}) and key <> ${keyLiteral(run)} and ${sameKeySql("key", keyLiteral(run))}`,
    `insert into tenantry.claims (database_id, schema_id, key, checksum, run_id, statement, begun)
values (${keyOf(run)}, ${literal(checksumOf(run.migration, 0))}, '${run.context.run}', 0, false)
on conflict (database_id, schema_id, key) do update set run_id = excluded.run_id`,
  ];
}

export async function readClaim(run: StatementRun): Promise<Claim> {
  const [claim] = await run.session.query<Claim>(
    `select statement as done, begun, checksum from tenantry.claims where (database_id, schema_id, key) = (${keyOf(run)})`,
  );
  return claim ?? { done: 0, begun: false, checksum: checksumOf(run.migration, 0) };
}

/** Whether the statements that are done still stand in the file as they were run. */
export function claimMatches(claim: Claim, migration: PreparedMigration): boolean {
  return claim.checksum === checksumOf(migration, claim.done);
}

/** Notes that a statement is begun, that all before `done` are done, or that the one that was begun has failed and left nothing. */
export function noteStatement(run: StatementRun, done: number | null, what: "begun" | "done" | "refused"): string {
  const progress = done === null ? "" : `statement = ${done}, checksum = ${literal(checksumOf(run.migration, done))}, `;
  return `update tenantry.claims set ${progress}begun = ${what === "begun"}, changed_at = clock_timestamp()
where (database_id, schema_id, key) = (${keyOf(run)})`;
}

function checksumOf(migration: PreparedMigration, done: number): string {
  const hash = createHash("sha256");
  for (const { start, end } of migration.parts.slice(0, done)) {
    hash.update(migration.migration.text.slice(start, end).replaceAll("\r\n", "\n")).update("\0");
  }
  return hash.digest("hex");
}
