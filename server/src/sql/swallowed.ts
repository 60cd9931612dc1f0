import type { Dialect } from "./dialect";
import type { SyntaxFault } from "./facts";
import { definitionWords, statementWords } from "./keywords";
import type { Token } from "./token";
import { TokenList } from "./tokenList";

/** A statement that another one before it has swallowed, because a quote, a comment, a parenthesis or a block of that one isn't closed. */
export interface Swallowed {
  /** Where the text before it should have ended: after its `;`. */
  readonly at: number;
  /** What remains of the one before. */
  readonly tokens: TokenList;
  /** Whether that is clear from the text itself; if not, the text may be as it is meant. */
  readonly isCertain: boolean;
}

/**
 * Looks in a refused statement for the first that it has swallowed: a keyword in a line's first column, after a `;` at the end of a line.
 * `text` is the statement's own, and the tokens have its offsets.
 * @param fault where the grammar stopped: what stands after it is no cause of it. Null without a grammar.
 * @param isClosed whether a `;` ends the statement
 */
export function findSwallowed(
  text: string,
  tokens: TokenList,
  dialect: Dialect,
  fault: SyntaxFault | null,
  isClosed: boolean,
): Swallowed | null {
  const stop = fault?.start ?? null;
  const last = tokens.last;
  const isOpen = last?.terminated === false;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens.get(index);
    if (token === undefined) break;
    const quotes = isQuoting(token);
    if (!isOpen && stop !== null && stop < token.start) {
      if (isClosed) return null;
      // A parenthesis or a block that is open up to the text's end holds all after it, wherever the grammar stopped.
      if (quotes) continue;
    }
    const length = startInside(text, token, dialect);
    if (length === null) continue;
    const at = token.start + length;
    const before = tokens.part(0, index, 0);
    const rest = quotes ? TokenList.of(before) : before;
    if (quotes) rest.add(token.kind, token.start, at, false);
    const isCertain =
      isOpen ||
      (quotes
        ? opensBody(text, token)
        : !isClosed || (stop !== null && stop >= at && /^\s*$/.test(text.slice(at, stop))));
    return { at, tokens: rest, isCertain };
  }
  return null;
}

/** What may stand between a `;` and the next line's keyword. Its bounds keep the search in proportion to the text. */
const afterSemicolon =
  "[ \\t]{0,80}(?:--[^\\r\\n]{0,200})?(?:\\r\\n?|\\n)(?:[ \\t]{0,80}(?:--[^\\r\\n]{0,200})?(?:\\r\\n?|\\n)){0,40}";
const statementAfter = new RegExp(`(?<=;)${afterSemicolon}(?:${statementWords})\\b`, "i");
const definitionAfter = new RegExp(`(?<=;)${afterSemicolon}(?:${definitionWords})\\b`, "i");
const nextStatement = new RegExp(`${afterSemicolon}(?:${statementWords})\\b`, "iy");
const batchAfter = /(?:\r\n?|\n)[ \t]*GO[ \t]*(?:[\r\n]|$)/i;

/** How far after a token's start there is an end of a statement that it swallows. */
function startInside(text: string, token: Token, dialect: Dialect): number | null {
  if (!isQuoting(token)) {
    if (text[token.start] !== ";" || dialect === "sqlserver") return null;
    nextStatement.lastIndex = token.end;
    return nextStatement.test(text) ? 1 : null;
  }
  if (token.kind === "comment" && token.terminated) return null;
  const pattern =
    dialect === "sqlserver" ? batchAfter : token.kind === "dollar-string" ? definitionAfter : statementAfter;
  const at = text.slice(token.start, token.end).search(pattern);
  return at < 0 ? null : at;
}

function isQuoting({ kind }: Token): boolean {
  return kind === "string" || kind === "dollar-string" || kind === "quoted-identifier" || kind === "comment";
}

/** Whether what closes a dollar quote looks like what opens the next function's body. */
function opensBody(text: string, token: Token): boolean {
  if (token.kind !== "dollar-string") return false;
  const tag = text.indexOf("$", token.start + 1) + 1 - token.start;
  return /\b(?:as|do)\s*$/i.test(text.slice(Math.max(token.start, token.end - tag - 100), token.end - tag));
}
