import { exampleName, readFileName } from "../model/formats";
import { orderMigrations } from "../model/history";
import type { Migration } from "../model/migration";
import { type KnownText, readMigration, scopeDirective } from "../model/read";
import type { OpenAnalysis } from "../sql/analyse";
import { asidesOf } from "../sql/asides";
import { type FolderScope, folderScope } from "./folders";
import { type Problem, problemAt, problemWith } from "./problem";
import type { Project } from "./project";

/**
 * How a text is to be looked at: as a part of the history; as a `guest` that is checked but never run (it has a scope
 * directive, or there is no `tenantry.json`); or as `unrelated`, checked only where someone asks for it by name.
 */
export interface ReadSql {
  readonly migration: Migration;
  readonly place: "history" | "guest" | "unrelated";
  readonly problems: readonly Problem[];
}

/** Reads one text as the project would, saved or not. @param path relative to the project's root, with `/` between its parts. */
export function readText(project: Project, path: string, text: string): ReadSql {
  return readSql(project, folderScope(project.configuration.migrations), path, text);
}

/** Reads an open editor's text, of which the analysis knows what directives and sections there are. */
export function readOpenText(project: Project, path: string, analysis: OpenAnalysis): ReadSql {
  return readSql(project, folderScope(project.configuration.migrations), path, analysis.text, {
    asides: asidesOf(analysis),
    source: analysis.source,
  });
}

/** The project with one file's text replaced or added, or, where the text is null, without that file. */
export function withText(project: Project, path: string, text: string | null): Project {
  return withRead(project, path, text === null ? null : readText(project, path, text));
}

/** The same with a text that has been read. */
export function withRead(project: Project, path: string, read: ReadSql | null): Project {
  const index = project.migrations.findIndex((migration) => migration.path === path);
  const before = project.migrations[index];
  const now = read?.place === "history" ? read.migration : undefined;
  if (before === undefined && now === undefined) return project;
  if (before !== undefined && now !== undefined && before.scope === now.scope) {
    return { ...project, migrations: project.migrations.with(index, now) };
  }
  const others = project.migrations.filter((migration) => migration.path !== path);
  const all = now === undefined ? others : [...others, now];
  return { ...project, migrations: orderMigrations(all, project.configuration.order) };
}

export function readSql(
  project: Project,
  scopeOf: FolderScope,
  path: string,
  source: string,
  known?: KnownText,
): ReadSql {
  const text = known === undefined && source.startsWith("\uFEFF") ? source.slice(1) : source;
  const {
    migrations: { format },
    dialect,
  } = project.configuration;
  const folder = scopeOf(path);
  const named = folder === null ? null : readFileName(path, format);
  const identity = {
    path,
    version: named?.kind === "versioned" ? named.version : null,
    name: named === null || named.kind === "undo" ? stem(path) : named.name,
    scope: folder === "public" ? folder : "tenant",
    format,
  } as const;
  const { migration, fault } = readMigration(text, identity, dialect, known);
  const directed = scopeDirective(migration.directives) !== null;
  if (folder === null || named?.kind === "undo") {
    const checked = directed || (project.configurationPath === null && folder === null);
    return { migration, place: checked ? "guest" : "unrelated", problems: [] };
  }
  const problems: Problem[] = fault === null ? [] : [problemAt(text, path, "invalid-migration", fault)];
  if (folder === "both" && !directed) {
    const message =
      "Both migration folders of tenantry.json hold this file. Say whom it is for in its first line: `-- tenantry: scope public` or `-- tenantry: scope tenant`.";
    problems.push(problemAt(text, path, "invalid-migration", { start: 0, end: 0, message }));
  }
  if (named === null) {
    const message = `The name holds no version, so the file is never run. Name it like ${exampleName[format]}, or move it out of the folder.`;
    problems.push(problemWith(path, "warning", "invalid-migration", message));
  }
  return { migration, place: named === null ? "guest" : "history", problems };
}

function stem(path: string): string {
  return (path.split("/").at(-1) ?? path).replace(/\.sql$/i, "");
}
