import type { ParseResult } from "libpg-query";
import type { SyntaxFault } from "../facts";
import { masked } from "../mask";
import { fromCodePoints } from "../offsets";
import type { Token } from "../token";
import { deepest } from "./depth";

/** PostgreSQL's own parser, loaded. */
export interface PostgresGrammar {
  /** Parses one statement. The fault's place is that of the token that the parser stopped at, in the statement's own offsets. */
  parse(sql: string, tokens: readonly Token[]): ParsedStatement;
}

/** A tree, the parser's refusal, or why the parser isn't asked. */
export type ParsedStatement =
  | { readonly tree: ParseResult }
  | { readonly fault: SyntaxFault }
  | { readonly unasked: string };

/** The parser would need a second and more for a longer statement. */
const longestParsed = 1_000_000;

/** A deeper tree may exhaust the stack of the parser's WASM, which loses some of it each time, until it can't parse at all any more. */
const deepestParsed = 4000;

let loading: Promise<PostgresGrammar> | undefined;

/** Loads the parser's WASM, the first time. */
export function loadPostgresGrammar(): Promise<PostgresGrammar> {
  loading ??= load();
  return loading;
}

async function load(): Promise<PostgresGrammar> {
  const { hasSqlDetails, loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return {
    parse(sql, tokens) {
      if (sql.length > longestParsed) return { unasked: "it is longer than a million characters" };
      if (tokens.length > deepestParsed && deepest(sql, tokens) > deepestParsed)
        return { unasked: "it is nested too deeply" };
      const text = masked(sql, tokens);
      try {
        return { tree: parseSync(text) };
      } catch (error) {
        if (!hasSqlDetails(error) || !error.sqlDetails) throw error;
        const { message, cursorPosition } = error.sqlDetails;
        return { fault: { message, ...tokenAt(sql, tokens, fromCodePoints(text, cursorPosition)) } };
      }
    },
  };
}

/** The token at an offset; after the last one, the text's end. */
function tokenAt(sql: string, tokens: readonly Token[], offset: number): { start: number; end: number } {
  const at = tokens.find(
    ({ kind, end, terminated }) =>
      end > offset && kind !== "space" && kind !== "line-command" && (kind !== "comment" || !terminated),
  );
  return at ? { start: at.start, end: at.end } : { start: sql.length, end: sql.length };
}
