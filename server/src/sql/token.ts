import type { Span } from "./span";

/** The kinds of token; `comment` and `space` are kept, so that the tokens joined give the text back. */
export type TokenKind =
  | "space"
  | "comment"
  | "word"
  | "quoted-identifier"
  | "string"
  | "dollar-string"
  | "number"
  | "parameter"
  | "operator"
  | "punctuation"
  | "template"
  | "line-command"
  | "unknown";

/** One token; `word` covers keywords and plain identifiers, `punctuation` is one of `( ) [ ] , ; . :`. */
export interface Token extends Span {
  readonly kind: TokenKind;
  /** False where a quote, comment or dollar tag is not closed before the text ends. */
  readonly terminated: boolean;
}

/** Gives tokens that nobody else holds yet other offsets. */
export function shiftTokens(tokens: readonly Token[], by: number): void {
  const shift = wholeNumber(by);
  for (const token of tokens as readonly { start: number; end: number }[]) {
    token.start += shift;
    token.end += shift;
  }
}

/** The same tokens with other offsets. */
export function moveTokens(tokens: readonly Token[], by: number): Token[] {
  const shift = wholeNumber(by);
  return tokens.map(({ kind, start, end, terminated }) => ({
    kind,
    start: start + shift,
    end: end + shift,
    terminated,
  }));
}

/** To V8 `-0` is no integer, nor what it is added to: the offsets of all tokens would take twice the place from then on, and much more time. */
function wholeNumber(by: number): number {
  return by === 0 ? 0 : by;
}
