import type { Dialect } from "./dialect";
import type { AnalysedStatement, Refusal } from "./facts";
import type { PostgresGrammar } from "./grammar/postgres";
import { restartsOf } from "./restarts";
import { scanStatement } from "./scan";
import type { Span } from "./span";
import type { Token } from "./token";
import type { TokenList } from "./tokenList";

/** A dialect, with the grammar that has the last word on it where there is one. */
export interface Language {
  readonly dialect: Dialect;
  readonly grammar: PostgresGrammar | null;
}

/**
 * What a statement says, or the several that stand in the place of one while a `;` between them is missing. `text` is the statement's own,
 * and the tokens have its offsets.
 * @param refusal the grammar's
 * @param semicolon the offset of the `;` that ends the statement, after its text
 */
export function readStatement(
  text: string,
  tokens: TokenList,
  language: Language,
  refusal: Refusal | null,
  semicolon: number | null,
): readonly AnalysedStatement[] {
  if (refusal !== null) return recover(text, tokens, language, refusal, semicolon);
  return [{ start: 0, end: text.length, facts: scanStatement(text, tokens, language.dialect, null) }];
}

/** The grammar's refusal, or null where it accepts the statement or can't be asked. */
export function refusalOf(text: string, tokens: TokenList, { grammar }: Language): Refusal | null {
  const fault = grammar?.faultOf(text, tokens) ?? null;
  return fault && { ...fault, isSure: !isTemplates(tokens, fault) };
}

/** Whether a fault is at a template or right after one. */
function isTemplates(tokens: TokenList, fault: Span): boolean {
  let before: Token | undefined;
  for (const token of tokens) {
    if (isBlank(token)) continue;
    if (token.start > fault.start) break;
    if (token.end >= fault.start && token.kind === "template") return true;
    if (token.end <= fault.start) before = token;
  }
  return before?.kind === "template";
}

/** Longer statements are no text that somebody types, and asking the grammar again and again about them would take too long. */
const longestRecovered = 100_000;
const mostQuestions = 24;

/** Takes a refused statement apart before keywords in a line's first column. Each fault is told once, by the part that it stands in. */
function recover(
  text: string,
  tokens: TokenList,
  language: Language,
  refusal: Refusal,
  semicolon: number | null,
): AnalysedStatement[] {
  const statements: AnalysedStatement[] = [];
  const restarts = text.length > longestRecovered ? [] : restartsOf(text, tokens);
  const starts = restarts.map(({ at }) => at);
  const startOf = (index: number) => tokens.get(index)?.start ?? text.length;
  let questions = 0;
  const ask = (from: number, to: number): Refusal | null => {
    questions++;
    const own = part(text, tokens, from, to);
    return moved(refusalOf(own.text, own.tokens, language), own.start);
  };
  const accepts = (from: number, to = tokens.length) => questions < mostQuestions && !ask(from, to)?.isSure;
  const add = (from: number, to: number, fault: Refusal | null) => {
    const own = part(text, tokens, from, to);
    const told = fault && atSemicolon(fault, text, semicolon);
    const facts = scanStatement(own.text, own.tokens, language.dialect, moved(told, -own.start));
    statements.push({ start: own.start, end: own.start + own.text.length, facts });
  };
  let from = 0;
  let stop = refusal;
  let untold: Refusal | null = refusal;
  for (;;) {
    const { start } = stop;
    // A `;` is missing before the place where the parser stopped, or what is wrong there reaches to the next statement.
    const before = starts.filter((index) => index > from && startOf(index) <= start);
    const next =
      restarts.find(({ at, isChange }) => isChange && before.includes(at) && accepts(at))?.at ??
      before.findLast((index) => accepts(from, index)) ??
      starts.find((index, order) => index > from && startOf(index) > start && accepts(index, starts[order + 1]));
    if (next === undefined) break;
    const isOwn = untold !== null && untold.start < startOf(next);
    add(from, next, isOwn ? untold : null);
    const rest = ask(next, tokens.length);
    if (isOwn) untold = start >= startOf(next) ? stop : rest;
    from = next;
    if (rest === null) break;
    stop = rest;
  }
  add(from, tokens.length, untold);
  return statements;
}

/** A part of a statement, without the spaces and comments after it, with offsets of its own. */
function part(
  text: string,
  tokens: TokenList,
  from: number,
  to: number,
): { text: string; tokens: TokenList; start: number } {
  let last = to;
  while (last > from + 1 && isBlank(tokens.get(last - 1))) last--;
  const start = tokens.get(from)?.start ?? text.length;
  const end = tokens.get(last - 1)?.end ?? start;
  return { text: text.slice(start, end), tokens: tokens.part(from, last, -start), start };
}

/** Where a statement ends too early, the server stops at its `;`. */
function atSemicolon(fault: Refusal, text: string, semicolon: number | null): Refusal {
  if (semicolon === null || fault.start < text.length || !fault.message.endsWith("at end of input")) return fault;
  const message = fault.message.replace(/at end of input$/, 'at or near ";"');
  return { ...fault, message, start: semicolon, end: semicolon + 1 };
}

function moved(fault: Refusal | null, by: number): Refusal | null {
  return fault && { ...fault, start: fault.start + by, end: fault.end + by };
}

function isBlank(token: Token | undefined): boolean {
  if (token?.kind === "comment") return token.terminated;
  return token?.kind === "space" || token?.kind === "line-command";
}
