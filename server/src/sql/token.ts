import type { Span } from "./span";

/** The kinds of token, the most frequent first; `comment` and `space` are kept, so that the tokens joined give the text back. */
export const tokenKinds = [
  "word",
  "space",
  "punctuation",
  "string",
  "operator",
  "number",
  "quoted-identifier",
  "parameter",
  "comment",
  "dollar-string",
  "template",
  "line-command",
  "unknown",
] as const;

export type TokenKind = (typeof tokenKinds)[number];

/** One token; `word` covers keywords and plain identifiers, `punctuation` is one of `( ) [ ] , ; . :`. */
export interface Token extends Span {
  readonly kind: TokenKind;
  /** False where a quote, comment or dollar tag is not closed before the text ends. */
  readonly terminated: boolean;
}

/** The same tokens with other offsets. */
export function moveTokens(tokens: readonly Token[], by: number): Token[] {
  return tokens.map(({ kind, start, end, terminated }) => ({ kind, start: start + by, end: end + by, terminated }));
}
