import { prepareMigrations } from "../engine/prepare";
import type { Project } from "../project/project";
import type { ReadSql } from "../project/sqlText";
import { upStatements } from "../rules/lint";
import { isMeant } from "../rules/meant";
import { analyse } from "../sql/analyse";
import { lineIndex } from "../sql/lineIndex";
import type { Span } from "../sql/span";
import { refuseTooLong } from "./tenantNames";
import { UsageError } from "./usageError";

/** A migration as it is sent for one tenant, or null where it can't be, and what keeps it from being sure. */
export interface RenderedMigration {
  readonly sql: string | null;
  /** Spans are offsets into the migration's own text. */
  readonly problems: readonly (Span & { readonly message: string; readonly line: number; readonly column: number })[];
}

/**
 * Renders one migration for one tenant; a public one stays as it is. No database is needed. A file that can't be read as a migration isn't
 * rendered, as a plan is refused for it.
 * @throws UsageError for a name that no schema can have
 */
export async function renderMigration(
  project: Project,
  { migration, problems: faults }: Pick<ReadSql, "migration" | "problems">,
  tenant: string,
): Promise<RenderedMigration> {
  const { configuration } = project;
  if (tenant === "") throw new UsageError("A tenant's name has at least one character.");
  refuseTooLong([tenant], configuration.dialect);
  const unread = faults.filter(({ severity }) => severity === "error");
  if (unread.length > 0) return { sql: null, problems: placed(migration.text, unread) };
  const analysis = await analyse(migration.text, configuration.dialect);
  const statements = upStatements(migration, analysis);
  const prepared = await prepareMigrations(
    [{ migration, analysis }],
    new Set([migration.path]),
    configuration,
    (_, statement) => isMeant(statement, migration.directives, statements),
  );
  const [ready] = prepared.values();
  const problems = placed(migration.text, ready?.refusals ?? []);
  if (ready === undefined || ready.parts.length === 0) {
    return { sql: problems.length > 0 ? null : "", problems };
  }
  const rendered = ready.parts.map((part) => part.render(tenant).sql);
  return { sql: migration.transactional ? rendered.join("") : rendered.map((sql) => `${sql};\n`).join("\n"), problems };
}

/** A place that isn't told is the text's beginning. */
function placed(
  text: string,
  told: readonly { readonly message: string; readonly line?: number | null; readonly column?: number | null }[],
): RenderedMigration["problems"] {
  const lines = lineIndex(text);
  return told.map(({ message, line, column }) => {
    const place = { line: line ?? 1, column: column ?? 1 };
    const start = lines.offsetAt({ line: place.line - 1, character: place.column - 1 });
    return { message, ...place, start, end: start };
  });
}
