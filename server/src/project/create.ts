import { join, posix } from "node:path";
import { exampleName, type Format, readFileName } from "../model/formats";
import type { Migration, Scope } from "../model/migration";
import { nextVersion } from "../model/nextVersion";
import { writeNewFile } from "./files";
import { folderScope } from "./folders";
import type { Project } from "./project";
import { ProjectError } from "./projectError";

/** What a new migration is for. */
export interface NewMigration {
  /** In the author's words; it becomes a part of the file's name. */
  readonly name: string;
  readonly scope: Scope;
  readonly now?: Date;
}

/** The next migration's path, relative to the root, and the text that it begins with, in the manner of those there are. @throws ProjectError */
export function nextMigration(
  project: Project,
  { name, scope, now = new Date() }: NewMigration,
): { path: string; text: string } {
  const words = name
    .trim()
    .toLowerCase()
    .replace(/\.sql$/, "")
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
  if (words === "") throw new ProjectError("A migration needs a name that says what it does, such as `add orders`.");
  const { migrations, configuration } = project;
  const own = migrations.filter((migration) => migration.scope === scope);
  const models = own.length > 0 ? own : migrations;
  const format = configuration.migrations.format === "auto" ? detectFormat(models) : configuration.migrations.format;
  const rivals = configuration.order === "public-first" ? own : migrations;
  const version = nextVersion(
    rivals.flatMap((migration) => migration.version ?? []),
    now,
  );
  const path = posix.join(
    targetFolder(project, scope),
    fileName(version, words, styleOf(models.at(-1), format), format),
  );
  const directive = folderScope(configuration.migrations)(path) === scope ? "" : `-- tenantry: scope ${scope}\n`;
  return { path, text: directive + bodyOf(project, scope, format) };
}

/** Writes the next migration's file. @throws ProjectError where that can't be done */
export async function createMigration(project: Project, migration: NewMigration): Promise<{ path: string }> {
  const { path, text } = nextMigration(project, migration);
  await writeNewFile(join(project.root, path), text);
  return { path };
}

/** The convention that the newest of some migrations follows. */
export function detectFormat(migrations: readonly Migration[]): Format {
  const newest = migrations.filter((migration) => migration.version !== null).at(-1);
  if (newest === undefined) return "plain";
  if (/(^|\n)--[ \t]*migrate:up\b/.test(newest.text)) return "dbmate";
  if (/(^|\n)--[ \t]*\+goose\s+up\b/i.test(newest.text)) return "goose";
  const named = (["flyway", "golang-migrate", "prisma"] as const).find(
    (format) => readFileName(newest.path, format) !== null,
  );
  return named ?? (newest.path.startsWith("supabase/") ? "supabase" : "plain");
}

function fileName(next: string, words: string, { point, separator }: Style, format: Format): string {
  const version = next.replaceAll(".", point);
  switch (format) {
    case "flyway":
      return `V${version}__${words}.sql`;
    case "golang-migrate":
      return `${version}${separator}${words}.up.sql`;
    case "prisma":
      return `${version}${separator}${words}/${posix.basename(exampleName.prisma)}`;
    default:
      return `${version}${separator}${words}.sql`;
  }
}

/** What stands between the parts of a version, and between it and the words behind it. */
interface Style {
  readonly point: string;
  readonly separator: string;
}

/** `0007-orders.sql` is followed by `0008-…`, `2026-11-23_orders.sql` by `2026-11-24_…`, and `V1_2__orders.sql` by `V1_3__…`. */
function styleOf(model: Migration | undefined, format: Format): Style {
  if (model === undefined) return { point: ".", separator: "_" };
  const name = format === "prisma" ? posix.basename(posix.dirname(model.path)) : posix.basename(model.path);
  if (format === "flyway") return { point: /^V\d+_\d/.test(name) ? "_" : ".", separator: "__" };
  const [, dash = ".", afterDate] = /^\d{4}([-_])\d\d\1\d\d(?:[-_T]\d{4,6})?(__|[-_ ])/.exec(name) ?? [];
  return { point: dash, separator: afterDate ?? /^[\d.]*\d(__|[-_ ])/.exec(name)?.[1] ?? "_" };
}

/** The folder of the setting; of a glob, the part before its first wildcard, or where the newest file stands. */
function targetFolder({ configuration, migrations }: Project, scope: Scope): string {
  const setting = configuration.migrations[scope];
  if (!/[*?{}[\]()!]/.test(setting)) return setting.replace(/\/+$/, "");
  const newest = migrations.filter((migration) => migration.scope === scope).at(-1);
  if (newest !== undefined) return posix.dirname(newest.path);
  const parts = setting.split("/");
  return (
    parts
      .slice(
        0,
        parts.findIndex((part) => /[*?{}[\]()!]/.test(part)),
      )
      .join("/") || "."
  );
}

function bodyOf({ configuration: { publicSchema, prototypeSchema } }: Project, scope: Scope, format: Format): string {
  const hint =
    scope === "public"
      ? `-- Runs once. Name the shared tables with their schema: ${publicSchema}.<table>\n\n`
      : `-- Runs in every tenant's schema. Name tenant tables as ${prototypeSchema}.<table>, shared ones as ${publicSchema}.<table>\n\n`;
  if (format === "dbmate") return `-- migrate:up\n${hint}\n-- migrate:down\n\n`;
  if (format === "goose") return `-- +goose Up\n${hint}\n-- +goose Down\n\n`;
  return hint;
}
