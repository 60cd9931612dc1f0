import type { Dialect } from "../dialect";
import { tokensOf } from "../lexer";
import { lastAtMost } from "../sorted";
import type { Span } from "../span";
import type { Token } from "../token";
import { decodeUnicode } from "./names";
import { isLiteral, openSource, type Source, tokenText } from "./source";

/** A literal's content as the server reads it, and where each of its characters is written. */
export interface Literal {
  readonly content: string;
  /** What opens the literal: `'`, `E'`, `N'`, `U&'` or a dollar tag. */
  readonly opening: string;
  /** Where a span of the content is written, in the offsets of the source that holds the literal. */
  readonly place: (span: Span) => Span;
}

/** Literals nested deeper than this are not looked into: each level reads its text again. */
const deepest = 8;

/** Reads the literal whose token stands at this index; null for any other token, and for bit strings. */
export function readLiteral(source: Source, at: number): Literal | null {
  const token = source.tokens.get(at);
  return token === undefined ? null : literalOf(source.text, token);
}

/** Reads a token that is a literal; null for any other, and for bit strings. */
export function literalOf(text: string, token: Token): Literal | null {
  if (token.kind !== "string" && token.kind !== "dollar-string") return null;
  const written = text.slice(token.start, token.end);
  return token.kind === "dollar-string" ? readDollar(written, token) : readQuoted(written, token);
}

/** Opens a literal's content as a text of its own, or null where it stands too deep to be looked into. */
export function openLiteral(source: Source, literal: Literal, content = literal.content): Source | null {
  if (source.within.length >= deepest) return null;
  const within = [...source.within, literal.opening];
  const place = (span: Span) => source.place(literal.place(span));
  return openSource(content, tokensOf(content, source.dialect), source.dialect, {
    within,
    place,
    refused: source.refused,
  });
}

/**
 * Reads literals that are joined to one text by `||` or `+`, or by standing on lines of their own, on SQL Server also with characters that
 * their codes give; null where anything else takes part, or where they are quoted differently.
 */
export function readJoined(source: Source, at: number): { readonly literal: Literal; readonly next: number } | null {
  const first = readLiteral(source, at);
  if (first === null) return null;
  const operator = source.dialect === "postgresql" ? "||" : "+";
  const pieces = [first];
  let next = at + 1;
  for (;;) {
    const index = source.words[next] === operator ? next + 1 : next;
    const character = index > next ? readCharacter(source, index) : null;
    if (character === null && !isLiteral(source, index)) break;
    const piece = character ?? readLiteral(source, index);
    if (piece === null || !areQuotedAlike(first, piece, source.dialect)) return null;
    pieces.push(piece);
    next = character === null ? index + 1 : index + 4;
  }
  return { literal: pieces.length === 1 ? first : joined(first, pieces), next };
}

/** SQL Server's `CHAR(13)` and `NCHAR(13)`, which most often break a line. */
export function readCharacter(source: Source, at: number): Literal | null {
  const word = source.words[at];
  if (source.dialect !== "sqlserver" || (word !== "char" && word !== "nchar")) return null;
  if (source.words[at + 1] !== "(" || source.words[at + 3] !== ")") return null;
  const code = tokenText(source, at + 2);
  if (!/^\d{1,5}$/.test(code)) return null;
  return {
    content: String.fromCharCode(Number(code)),
    opening: "'",
    place: shifted(source.tokens.get(at)?.start ?? 0),
  };
}

/** SQL Server's `N'` quotes as `'` does. */
function areQuotedAlike({ opening }: Literal, other: Literal, dialect: Dialect): boolean {
  return opening === other.opening || (dialect === "sqlserver" && opening.at(-1) === other.opening.at(-1));
}

/** Several literals as one, opened like the first; what stands in the pieces between has the places that they have. */
export function joined(first: Literal, pieces: readonly Literal[]): Literal {
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.content.length;
  }
  const place = (span: Span): Span => {
    const index = lastAtMost(starts, span.start);
    const begin = starts[index] ?? 0;
    return (pieces[index] ?? first).place({ start: span.start - begin, end: span.end - begin });
  };
  return { content: pieces.map((piece) => piece.content).join(""), opening: first.opening, place };
}

function readDollar(written: string, token: Token): Literal | null {
  const opening = /^\$[^$]*\$/.exec(written)?.[0];
  if (opening === undefined) return null;
  const end = token.terminated ? written.length - opening.length : written.length;
  return { content: written.slice(opening.length, end), opening, place: shifted(token.start + opening.length) };
}

function readQuoted(written: string, token: Token): Literal | null {
  const quote = written.indexOf("'");
  const prefix = written.slice(0, quote).toUpperCase();
  if (quote < 0 || prefix === "B" || prefix === "X") return null;
  const inner = written.slice(quote + 1, token.terminated ? -1 : undefined);
  const start = token.start + quote + 1;
  const opening = `${prefix}'`;
  if (!inner.includes("'") && !(inner.includes("\\") && (prefix === "E" || prefix === "U&"))) {
    return { content: inner, opening, place: shifted(start) };
  }
  const pieces = inner.match(prefix === "E" ? escapedPiece : prefix === "U&" ? unicodePiece : plainPiece) ?? [];
  const starts: number[] = [];
  let offset = start;
  let content = "";
  for (const piece of pieces) {
    const decoded = decodePiece(piece, prefix);
    for (let n = 0; n < decoded.length; n++) starts.push(offset + (decoded.length === piece.length ? n : 0));
    offset += piece.length;
    content += decoded;
  }
  starts.push(offset);
  return {
    content,
    opening,
    place: ({ start, end }) => ({ start: starts[start] ?? offset, end: starts[end] ?? offset }),
  };
}

const plainPiece = /''|[^']+|'/g;
const escapedPiece = /''|\\(?:x[\da-fA-F]{1,2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3}|[\s\S])|[^'\\]+|['\\]/g;
const unicodePiece = /''|\\(?:\\|\+[0-9a-f]{6}|[0-9a-f]{4})|[^'\\]+|['\\]/gi;

const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function decodePiece(piece: string, prefix: string): string {
  if (piece === "''") return "'";
  if ((prefix !== "E" && prefix !== "U&") || !piece.startsWith("\\") || piece.length === 1) return piece;
  if (prefix === "U&") return decodeUnicode(piece);
  const code = piece.slice(1);
  const digits = /^[xuU]([0-9a-f]+)$/i.exec(code)?.[1];
  if (digits !== undefined) return fromCode(Number.parseInt(digits, 16));
  return /^[0-7]/.test(code) ? fromCode(Number.parseInt(code, 8)) : (escapes[code] ?? code);
}

function fromCode(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD";
}

export function shifted(by: number): (span: Span) => Span {
  return ({ start, end }) => ({ start: start + by, end: end + by });
}
