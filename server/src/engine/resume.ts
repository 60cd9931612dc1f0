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
  const index = concurrentIndex(run, part);
  if (index === null) return !interrupted || mayRunAgain(part) ? "run" : "unsure";
  const state = await indexState(run, index);
  if (index.use === "drop") return interrupted && state === "absent" ? "skip" : "run";
  if (state === "invalid")
    await run.session.script(`drop index concurrently ${identifier(index.schema)}.${identifier(index.name)}`);
  return interrupted && state === "valid" ? "skip" : "run";
}

interface IndexName {
  readonly use: "create" | "drop";
  readonly schema: string;
  readonly name: string;
}

/** The index that the statement builds or drops concurrently; a new one lies in its table's schema. */
function concurrentIndex({ schema, context, migration }: StatementRun, part: Part): IndexName | null {
  const facts = part.statements[0]?.facts;
  if (facts === undefined || (facts.kind !== "CREATE INDEX" && facts.kind !== "DROP INDEX")) return null;
  if (!/\bconcurrently\b/i.test(migration.migration.text.slice(part.start, part.end))) return null;
  const use = facts.kind === "CREATE INDEX" ? "create" : "drop";
  const index = facts.objects.find((object) => object.kind === "index" && object.use === use);
  if (index === undefined) return null;
  const written = (use === "create" ? facts.tables[0]?.schema : index.schema) ?? context.publicSchema;
  return { use, name: index.name, schema: written === context.prototypeSchema ? schema.name : written };
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

/** Maintenance, comments and rights do no harm twice, and IF [NOT] EXISTS asks the catalog itself. */
function mayRunAgain(part: Part): boolean {
  const [statement] = part.statements;
  if (statement === undefined) return false;
  if (
    /^(VACUUM|ANALYZE|REINDEX|CLUSTER|REFRESH MATERIALIZED VIEW|COMMENT|GRANT|REVOKE|ALTER SYSTEM)/.test(
      statement.facts.kind,
    )
  )
    return true;
  return /\bif\s+(not\s+)?exists\b/i.test(part.render("x").sql);
}
