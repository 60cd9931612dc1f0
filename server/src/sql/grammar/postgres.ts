import type { ParseResult } from "libpg-query";
import type { SyntaxFault } from "../facts";
import { masked } from "../mask";
import { fromCodePoints } from "../offsets";
import type { TokenList } from "../tokenList";
import { deepest } from "./depth";
import { longestSigns } from "./signs";

/** PostgreSQL's own parser, loaded. It reads one statement at a time. */
export interface PostgresGrammar {
  /** The fault's place is that of the token that the parser stopped at, in the statement's own offsets. */
  parse(sql: string, tokens: TokenList): ParsedStatement;
  /** The fault alone, in less than half of the time; null also where the parser isn't asked. */
  faultOf(sql: string, tokens: TokenList): SyntaxFault | null;
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

/** The parser's lexer reads a run of these again from each of its characters on. */
const longestRun = 500;

let loading: Promise<PostgresGrammar> | undefined;

/** Loads the parser's WASM, the first time. */
export function loadPostgresGrammar(): Promise<PostgresGrammar> {
  loading ??= load();
  return loading;
}

async function load(): Promise<PostgresGrammar> {
  const { hasSqlDetails, loadModule, normalizeSync, parseSync } = await import("libpg-query");
  await loadModule();
  const parse = (sql: string, tokens: TokenList, text: string): ParsedStatement => {
    try {
      return { tree: parseSync(text) };
    } catch (error) {
      if (!hasSqlDetails(error) || !error.sqlDetails) throw error;
      const { message, cursorPosition } = error.sqlDetails;
      return { fault: { message, ...tokenAt(sql, tokens, fromCodePoints(text, cursorPosition)) } };
    }
  };
  return {
    parse(sql, tokens) {
      const unasked = whyUnasked(sql, tokens);
      return unasked === null ? parse(sql, tokens, masked(sql, tokens)) : { unasked };
    },

    faultOf(sql, tokens) {
      if (whyUnasked(sql, tokens) !== null) return null;
      const text = masked(sql, tokens);
      if (tokens.last?.terminated !== false && accepts(text, normalizeSync)) return null;
      const parsed = parse(sql, tokens, text);
      return "fault" in parsed ? parsed.fault : null;
    },
  };
}

function whyUnasked(sql: string, tokens: TokenList): string | null {
  if (sql.length > longestParsed) return "it is longer than a million characters";
  if (tokens.length > deepestParsed && deepest(sql, tokens) > deepestParsed) return "it is nested too deeply";
  const hasRun = sql.length > longestRun && longestSigns(sql, tokens) > longestRun;
  return hasRun ? "it has hundreds of operators' characters in a row" : null;
}

/**
 * Most of the time of a parse goes into the tree's way out of the WASM. The same parser also gives the statement back without its
 * constants, or throws, or gives some of its messages instead: what is the statement still has its line end.
 */
function accepts(text: string, normalize: (text: string) => string): boolean {
  try {
    return normalize(`${text}\n`).endsWith("\n");
  } catch {
    return false;
  }
}

/** The token at an offset; after the last one, the text's end. */
function tokenAt(sql: string, tokens: TokenList, offset: number): { start: number; end: number } {
  for (const { kind, start, end, terminated } of tokens) {
    if (end > offset && kind !== "line-command" && (kind !== "comment" || !terminated)) return { start, end };
  }
  return { start: sql.length, end: sql.length };
}
