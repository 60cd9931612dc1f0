import { lex } from "./lexer";
import type { ProofNames } from "./renderProof";
import { holdsWord, sameName } from "./renderText";
import { literalOf } from "./scan/literal";
import { identifierName } from "./scan/names";
import type { Span } from "./span";
import type { Token } from "./token";

/** What a rendering changed, and what it left, told from the tokens of the original and the rendered text. */
export interface TokenComparison {
  /** In how many places the prototype's name gave way to the tenant's; null where anything else differs. */
  readonly changed: number | null;
  /** A place in the original's literals, or in all of it, where the name still stands as a schema's seems to; null where there is none. */
  readonly left: Span | null;
}

/** Compares token by token, also inside literals, spaces and comments included. */
export function compareTokens(original: string, rendered: string, names: ProofNames): TokenComparison {
  const left: Span[] = [];
  const changed = compareLevel(original, rendered, names, (level, place) => {
    if (names.dialect === "sqlserver" || level > 0) left.push(place);
  });
  return { changed, left: left[0] ?? null };
}

/** How many places of a text are the tenant's name instead of the prototype's; null where anything else differs. */
export function changesInText(original: string, rendered: string, names: ProofNames): number | null {
  return compareLevel(original, rendered, names, () => {});
}

type ReportLeft = (level: number, place: Span) => void;

function compareLevel(
  original: string,
  rendered: string,
  names: ProofNames,
  report: ReportLeft,
  level = 0,
): number | null {
  if (sameName(original, names.prototype, names.dialect) && rendered === names.tenant) return 1;
  const before = lex(original, names.dialect);
  const after = lex(rendered, names.dialect);
  if (before.length !== after.length) return null;
  let count = 0;
  for (const [at, token] of before.entries()) {
    const other = after[at];
    if (other === undefined) return null;
    const changes = compareToken(original, token, rendered, other, names, report, level);
    if (changes === null) return null;
    count += changes;
  }
  for (const place of leftInLevel(rendered, after, names, before)) report(level, place);
  return count;
}

function compareToken(
  original: string,
  before: Token,
  rendered: string,
  after: Token,
  names: ProofNames,
  report: ReportLeft,
  level: number,
): number | null {
  const one = original.slice(before.start, before.end);
  const other = rendered.slice(after.start, after.end);
  const literal = literalOf(original, before);
  if (one === other && (literal === null || !holdsWord(literal.content, names.prototype))) return 0;
  if (literal !== null) {
    const counterpart = literalOf(rendered, after);
    if (counterpart === null || after.terminated !== before.terminated) return null;
    if (counterpart.opening !== literal.opening && before.kind !== "dollar-string") return null;
    const place: ReportLeft = (deeper, span) => report(deeper, literal.place(span));
    return compareLevel(literal.content, counterpart.content, names, place, level + 1);
  }
  if (!isIdentifier(before) || after.kind !== "quoted-identifier" || !after.terminated) return null;
  const wasPrototype = sameName(identifierName(one, names.dialect), names.prototype, names.dialect);
  return wasPrototype && identifierName(other, names.dialect) === names.tenant ? 1 : null;
}

/**
 * Where a text still has the prototype's name in front of a dot, or after the word SCHEMA. A name that also stands alone is taken for an
 * alias or a variable of that name, except where a function is called.
 */
function leftInLevel(
  rendered: string,
  tokens: readonly Token[],
  names: ProofNames,
  original: readonly Token[],
): Span[] {
  if (!holdsWord(rendered, names.prototype)) return [];
  const at = [...tokens.keys()].filter((index) => tokens[index]?.kind !== "space" && tokens[index]?.kind !== "comment");
  const text = (n: number) =>
    rendered.slice(tokens[at[n] ?? -1]?.start ?? 0, tokens[at[n] ?? -1]?.end ?? 0).toLowerCase();
  const dotted: Span[] = [];
  const named: Span[] = [];
  let aliased = false;
  for (const [n, index] of at.entries()) {
    const token = tokens[index];
    const place = original[index];
    if (token === undefined || place === undefined || !isIdentifier(token) || text(n - 1) === ".") continue;
    const name = identifierName(rendered.slice(token.start, token.end), names.dialect);
    if (!sameName(name, names.prototype, names.dialect)) continue;
    if (text(n - 1) === "schema" || (text(n + 1) === "." && text(n + 3) === "(")) named.push(place);
    else if (text(n + 1) === ".") dotted.push(place);
    else aliased = true;
  }
  return aliased ? named : [...named, ...dotted];
}

function isIdentifier({ kind }: Token): boolean {
  return kind === "word" || kind === "quoted-identifier";
}
