import { prepareMigrations } from "../engine/prepare";
import type { Migration } from "../model/migration";
import type { Project } from "../project/project";
import { dynamicSql } from "../rules/dynamicSql";
import { isIgnoredWithReason } from "../rules/ignore";
import { upStatements } from "../rules/lint";
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
 * Renders one migration for one tenant; a public one stays as it is. No database is needed.
 * @throws UsageError for a name that no schema can have
 */
export async function renderMigration(
  project: Project,
  migration: Migration,
  tenant: string,
): Promise<RenderedMigration> {
  const { configuration } = project;
  if (tenant === "") throw new UsageError("A tenant's name has at least one character.");
  refuseTooLong([tenant], configuration.dialect);
  const analysis = await analyse(migration.text, configuration.dialect);
  const statements = upStatements(migration, analysis);
  const prepared = await prepareMigrations(
    [{ migration, analysis }],
    new Set([migration.path]),
    configuration,
    (_, statement) => isIgnoredWithReason(dynamicSql.id, statement, migration.directives, statements),
  );
  const [ready] = prepared.values();
  const lines = lineIndex(migration.text);
  const problems = (ready?.refusals ?? []).map(({ message, line = 1, column = 1 }) => {
    const start = lines.offsetAt({ line: line - 1, character: column - 1 });
    return { message, line, column, start, end: start };
  });
  if (ready === undefined || ready.parts.length === 0) {
    return { sql: problems.length > 0 ? null : "", problems };
  }
  const rendered = ready.parts.map((part) => part.render(tenant).sql);
  return { sql: migration.transactional ? rendered.join("") : rendered.map((sql) => `${sql};\n`).join("\n"), problems };
}
