import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { analyse } from "../../server/src/sql/analyse";
import type { AnalysedStatement } from "../../server/src/sql/facts";

/** A real file as it would be written for tenants. */
export interface PrototypeFile {
  readonly name: string;
  readonly text: string;
  readonly statements: readonly AnalysedStatement[];
}

export const renderOptions = { prototypeSchema: "prototype", dialect: "postgresql" } as const;

/**
 * The SQL files below a folder, in their order, made prototype files by pattern and so without what rendering goes by: the schema that they
 * name most becomes `prototype`, and where they name none but `public`, that. Tables that they make without a schema get it.
 */
export async function prototypeFiles(folder: string): Promise<PrototypeFile[]> {
  const texts = sqlFiles(folder).map((file) => ({ name: relative(folder, file), text: readFileSync(file, "utf8") }));
  const schema = mostNamed(await Promise.all(texts.map(({ text }) => analyse(text, "postgresql"))));
  const made = new Set<string>();
  const files: PrototypeFile[] = [];
  for (const { name, text } of texts) {
    const renamed = withSchema(text, schema);
    const qualified = qualify(renamed, (await analyse(renamed, "postgresql")).statements, made);
    files.push({ name, text: qualified, statements: (await analyse(qualified, "postgresql")).statements });
  }
  return files;
}

function mostNamed(analyses: readonly { readonly statements: readonly AnalysedStatement[] }[]): string {
  const counts = new Map<string, number>();
  for (const { statements } of analyses)
    for (const { facts } of statements)
      for (const { schema } of facts.schemas) counts.set(schema, (counts.get(schema) ?? 0) + 1);
  const own = [...counts].filter(([name]) => /^\w+$/.test(name) && !/^(?:pg_.*|information_schema|public)$/.test(name));
  return own.sort((a, b) => b[1] - a[1])[0]?.[0] ?? "public";
}

/** By pattern: before a dot, after the word SCHEMA or a search path's, and as a literal. */
function withSchema(text: string, schema: string): string {
  return text
    .replace(new RegExp(`(?<![.\\w])("?)${schema}\\1(?=\\s*\\.\\s*["\\w])`, "gi"), "$1prototype$1")
    .replace(
      new RegExp(`\\b(schema\\s+(?:if\\s+not\\s+exists\\s+|if\\s+exists\\s+)?)"?${schema}"?(?!\\w)`, "gi"),
      "$1prototype",
    )
    .replace(new RegExp(`\\b(search_path\\s*(?:=|to)\\s*)"?${schema}"?(?!\\w)`, "gi"), "$1prototype")
    .replace(new RegExp(`'${schema}'`, "g"), "'prototype'");
}

/** @param made the tables that the files have made so far without a schema */
function qualify(text: string, statements: readonly AnalysedStatement[], made: Set<string>): string {
  const places: number[] = [];
  for (const { start, facts } of statements) {
    for (const { schema, name, use, start: at } of facts.tables) {
      if (schema !== null) continue;
      if (use === "create") made.add(name);
      if (made.has(name)) places.push(start + at);
    }
  }
  return places.sort((a, b) => b - a).reduce((now, at) => `${now.slice(0, at)}prototype.${now.slice(at)}`, text);
}

function sqlFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() || (entry.isFile() && entry.name.endsWith(".sql")))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }))
    .flatMap(({ name }) => sqlFiles(join(path, name)));
}
