import type { StatementFacts } from "../facts";
import { createModifiers, readKind, tagOf } from "./kinds";
import { type Source, skipAny, skipGroup } from "./source";

/** A statement's command tag and the keywords that it begins with, from its tokens. */
export function statementKind(source: Source): Pick<StatementFacts, "kind" | "keyword"> {
  const word = source.words[0] ?? "";
  if (word === "create" || word === "alter" || word === "drop") {
    const modified = word === "create" ? skipAny(source, 1, createModifiers(source.dialect)) : 1;
    const kind = readKind(source, modified);
    return { kind: tagOf(word, kind), keyword: keyword(source, kind?.next ?? 1) };
  }
  const at = word === "with" ? mainWord(source) : firstWord(source);
  const main = source.words[at] ?? "";
  const own = source.dialect === "postgresql" ? postgresTags.get(main) : undefined;
  return { kind: own ?? tags.get(main) ?? plainTag(main), keyword: keyword(source, 1) };
}

function plainTag(word: string): string {
  return /^[a-z]+$/.test(word) ? word.toUpperCase() : "UNKNOWN";
}

/** A query may begin with parentheses. */
function firstWord({ words, tokens }: Source): number {
  let at = 0;
  while (at < tokens.length && words[at] === "(") at++;
  return at;
}

function keyword(source: Source, length: number): { start: number; end: number } {
  const start = source.tokens.get(0)?.start ?? 0;
  return { start, end: source.tokens.get(length - 1)?.end ?? start };
}

function mainWord(source: Source): number {
  let at = 1;
  while (at < source.tokens.length && !mainWords.has(source.words[at] ?? ""))
    at = Math.max(at + 1, skipGroup(source, at));
  return at < source.tokens.length ? at : 0;
}

const mainWords: ReadonlySet<string> = new Set(["select", "insert", "update", "delete", "merge", "values"]);

const tags: ReadonlyMap<string, string> = new Map([
  ["truncate", "TRUNCATE TABLE"],
  ["lock", "LOCK TABLE"],
  ["exec", "EXECUTE"],
  ["analyse", "ANALYZE"],
]);

const postgresTags: ReadonlyMap<string, string> = new Map([
  ["table", "SELECT"],
  ["values", "SELECT"],
  ["declare", "DECLARE CURSOR"],
  ["refresh", "REFRESH MATERIALIZED VIEW"],
  ["security", "SECURITY LABEL"],
  ["import", "IMPORT FOREIGN SCHEMA"],
  ["reassign", "REASSIGN OWNED"],
]);
