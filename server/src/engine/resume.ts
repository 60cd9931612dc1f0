import { identifier, literal } from "./guards";
import type { Part } from "./prepare";
import type { StatementRun } from "./statementByStatement";

/**
 * What to do about a statement of a `no-transaction` file: a CREATE INDEX CONCURRENTLY that was broken off leaves an invalid
 * index, which is dropped so that it is built again; what an earlier run was doing when it was interrupted is looked up.
 * @returns "unsure" where the catalog doesn't tell whether the statement was done
 */
export async function decideResume(
  run: StatementRun,
  part: Part,
  interrupted: boolean,
): Promise<"run" | "skip" | "unsure"> {
  const index = createdIndex(run, part);
  if (index !== null) {
    const state = await indexState(run, index);
    if (state === "invalid")
      await run.session.script(`drop index concurrently ${identifier(index.schema)}.${identifier(index.name)}`);
    return interrupted && state === "valid" ? "skip" : "run";
  }
  return !interrupted || mayRunAgain(part) ? "run" : "unsure";
}

interface IndexName {
  readonly schema: string;
  readonly name: string;
}

/** The index that the statement builds concurrently, which lies in its table's schema. */
function createdIndex({ schema, context, migration }: StatementRun, part: Part): IndexName | null {
  const facts = part.statements[0]?.facts;
  if (facts === undefined || facts.kind !== "CREATE INDEX") return null;
  if (!/\bconcurrently\b/i.test(migration.migration.text.slice(part.start, part.end))) return null;
  const index = facts.objects.find(({ kind, use }) => kind === "index" && use === "create");
  const table = facts.tables[0];
  if (index === undefined || table === undefined) return null;
  const written = table.schema ?? context.publicSchema;
  return { name: index.name, schema: written === context.prototypeSchema ? schema.name : written };
}

async function indexState(
  { session }: StatementRun,
  { schema, name }: IndexName,
): Promise<"absent" | "valid" | "invalid"> {
  const [row] = await session.query<{ valid: boolean }>(
    `select i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${literal(schema)} and c.relname = ${literal(name)}`,
  );
  if (row === undefined) return "absent";
  return row.valid ? "valid" : "invalid";
}

/** Maintenance does no harm twice, and IF [NOT] EXISTS asks the catalog itself. */
function mayRunAgain(part: Part): boolean {
  const [statement] = part.statements;
  if (statement === undefined) return false;
  if (/^(VACUUM|ANALYZE|REINDEX|CLUSTER|REFRESH MATERIALIZED VIEW|CHECKPOINT|ALTER SYSTEM)/.test(statement.facts.kind))
    return true;
  return /\bif\s+(not\s+)?exists\b/i.test(part.render("x").sql);
}
