import type { OpenAnalysis } from "./analyse";
import type { Dialect } from "./dialect";
import type { StructureGrammar } from "./grammar/treeSitter";
import { lex } from "./lexer";
import type { Span } from "./span";
import { bodyOf } from "./structureFolds";
import { type Block, blocksOf, itemsIn, listsOf, significant } from "./structureParts";
import { moveTokens, type Token } from "./token";
import { TokenList } from "./tokenList";

/** The parts of the text that a place stands in, each strictly inside of the one before, from the whole text in. */
export function selectionAt(analysis: OpenAnalysis, grammar: StructureGrammar, offset: number): Span[] {
  const { text, language, segments } = analysis;
  let at = 0;
  let index = 0;
  for (; index < segments.length - 1 && at + (segments[index]?.length ?? 0) <= offset; index++) {
    at += segments[index]?.length ?? 0;
  }
  const segment = segments[index];
  const spans: Span[] = [{ start: 0, end: text.length }];
  if (segment !== undefined) {
    const own = text.slice(at, at + segment.length);
    const tokens = lex(own, language.dialect);
    const place = offset - at;
    const token = tokenAt(tokens, place);
    const inside = partsAt(own, tokens, place, language.dialect);
    for (const { start, end } of segment.statements) {
      inside.push({ start, end });
      if (!token || token.start < start || token.end > end) continue;
      const of = moveTokens(
        tokens.filter((one) => one.start >= start && one.end <= end),
        -start,
      );
      const found = grammar.partsAround(own.slice(start, end), TokenList.of(of), {
        start: token.start - start,
        end: token.end - start,
      });
      inside.push(...found.map((part) => ({ start: part.start + start, end: part.end + start })));
    }
    spans.push(...inside.map(({ start, end }) => ({ start: start + at, end: end + at })));
  }
  return nested(spans, offset);
}

/** Nobody grows a selection more often, and an answer that is nested without end couldn't be sent. */
const mostParts = 100;

/** Where a caret stands between two tokens, the one that is a name or a value is meant. */
function tokenAt(tokens: readonly Token[], place: number): Token | null {
  const touching = tokens.filter(({ kind, start, end }) => kind !== "space" && start <= place && place <= end);
  return touching.find(({ kind }) => kind !== "punctuation" && kind !== "operator") ?? touching[0] ?? null;
}

/** What the tokens alone say: words, qualified names, items, parentheses, blocks, and statements in quoted bodies. */
function partsAt(text: string, tokens: readonly Token[], place: number, dialect: Dialect): Span[] {
  const token = tokenAt(tokens, place);
  const parts = significant(tokens);
  const spans: Span[] = [];
  const add = (first: Token | undefined, last: Token | undefined) => {
    if (first && last && last.end > first.start) spans.push({ start: first.start, end: last.end });
  };
  const holds = ({ open, close }: Block) =>
    (parts[open]?.start ?? 0) <= place && place <= (parts[close]?.end ?? text.length);
  for (const list of listsOf(text, parts).filter(holds).slice(0, mostParts)) {
    const { open, close, isClosed } = list;
    const items = itemsIn(parts, list);
    for (const item of items) add(item[0], item.at(-1));
    add(items[0]?.[0], items.at(-1)?.at(-1));
    if (isClosed) add(parts[open], parts[close]);
  }
  for (const { open, close } of blocksOf(text, parts)) add(parts[open], parts[close]);
  if (token === null) return spans;
  add(token, token);
  const index = parts.indexOf(token);
  if (index !== -1) {
    const isDot = (at: number) => text[parts[at]?.start ?? -1] === "." && parts[at]?.kind === "punctuation";
    let first = index;
    let last = index;
    while (isDot(first - 1) && first > 1) first -= 2;
    while (isDot(last + 1) && parts[last + 2]) last += 2;
    add(parts[first], parts[last]);
  }
  if (token.kind === "string" && token.terminated) {
    const start = text.indexOf("'", token.start) + 1;
    if (start < token.end - 1) spans.push({ start, end: token.end - 1 });
  }
  const body = token.kind === "dollar-string" ? bodyOf(text, token, dialect) : null;
  if (body !== null) {
    const inside = significant(body);
    add(inside[0], inside.at(-1));
    spans.push(...bodyStatements(text, inside), ...partsAt(text, body, place, dialect));
  }
  return spans;
}

/** The pieces of a body between `;` and the words that begin a run of statements. @param tokens significant ones */
function bodyStatements(text: string, tokens: readonly Token[]): Span[] {
  const spans: Span[] = [];
  let first: Token | undefined;
  let last: Token | undefined;
  for (const token of [...tokens, undefined]) {
    if (token === undefined || separators.test(text.slice(token.start, token.end))) {
      if (first && last) spans.push({ start: first.start, end: last.end });
      first = undefined;
    } else {
      first ??= token;
      last = token;
    }
  }
  return spans;
}

const separators = /^(?:;|declare|begin|loop)$/i;

/** Of parts that overlap without one holding the other, the larger counts. */
function nested(spans: readonly Span[], offset: number): Span[] {
  const around = spans.filter(({ start, end }) => start <= offset && offset <= end);
  around.sort((a, b) => b.end - b.start - (a.end - a.start));
  const kept: Span[] = [];
  for (const span of around) {
    const outer = kept.at(-1);
    const isInside = outer === undefined || (span.start >= outer.start && span.end <= outer.end);
    const isSmaller = outer === undefined || span.end - span.start < outer.end - outer.start;
    if (isInside && isSmaller) kept.push(span);
  }
  return kept.length > mostParts ? [...kept.slice(0, 1), ...kept.slice(1 - mostParts)] : kept;
}
