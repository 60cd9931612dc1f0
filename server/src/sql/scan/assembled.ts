import { joined, type Literal, readCharacter, readLiteral, shifted } from "./literal";
import { placeholder } from "./names";
import { markAfter, withoutMark } from "./replaced";
import { isLiteral, isVariable, type Source, tokenText } from "./source";

/** A part of a text that an expression puts together: a literal, a variable, or what nobody knows. */
export interface Piece {
  readonly literal: Literal | null;
  /** The variable that the part is or is made of, in lower case. */
  readonly variable: string | null;
  /** The part's first token. */
  readonly at: number;
  /** Whether the literal is the part as it will be. */
  readonly isKnown: boolean;
}

/**
 * SQL Server: the parts of a text that `+` or CONCAT puts together between two tokens. Parentheses, casts and the branches of CASE are
 * looked into, as parts one after the other.
 */
export function readPieces(source: Source, from: number, to: number): readonly Piece[] {
  const pieces: Piece[] = [];
  addPieces(source, from, to, pieces, 0);
  return pieces;
}

/** The parts as one text, with a placeholder for each that isn't known, which no one can take for a part of a name; null where none is a literal. */
export function assembled(source: Source, pieces: readonly Piece[]): Literal | null {
  const first = pieces.find(({ literal }) => literal !== null)?.literal ?? null;
  return (
    first &&
    joined(
      first,
      pieces.map((piece) => pieceLiteral(source, piece)),
    )
  );
}

export function pieceLiteral(source: Source, { literal, at }: Piece): Literal {
  return literal ?? { content: placeholder, opening: "'", place: shifted(source.tokens.get(at)?.start ?? 0) };
}

/** Parts nested deeper than this aren't known. */
const deepest = 8;

function addPieces(source: Source, from: number, to: number, pieces: Piece[], depth: number): void {
  for (let at = from; at < to; ) {
    const end = operandEnd(source, at, to);
    addOperand(source, at, end, pieces, depth);
    at = source.words[end] === "+" || end === at ? end + 1 : end;
  }
}

function addOperand(source: Source, at: number, end: number, pieces: Piece[], depth: number): void {
  const { words, closing } = source;
  const literal = end === at + 1 ? readLiteral(source, at) : end === at + 4 ? readCharacter(source, at) : null;
  const isGroup = words[at] === "(" && closing[at] === end - 1 && words[at + 1] !== "select";
  if (literal !== null) pieces.push({ literal, variable: null, at, isKnown: true });
  else if (depth >= deepest) pieces.push(unknown(source, at, end));
  else if (isGroup) addPieces(source, at + 1, end - 1, pieces, depth + 1);
  else if (words[at + 1] === "(" && closing[at + 1] === end - 1) addCall(source, at, end, pieces, depth + 1);
  else if (words[at] === "case" && words[end - 1] === "end") addBranches(source, at, end, pieces, depth + 1);
  else pieces.push(unknown(source, at, end));
}

function addCall(source: Source, at: number, end: number, pieces: Piece[], depth: number): void {
  const name = source.words[at] ?? "";
  const parts = argumentsOf(source, at + 2, end - 1);
  const part = parts[name === "cast" ? 0 : 1];
  if (name === "concat") for (const [from, to] of parts) addPieces(source, from, to, pieces, depth);
  else if ((name === "cast" || name === "convert") && part !== undefined && readLiteral(source, part[0]) !== null)
    addPieces(source, part[0], name === "cast" ? part[0] + 1 : part[1], pieces, depth);
  else if (name !== "replace" || !addReplaced(source, at, end, pieces, depth)) pieces.push(unknown(source, at, end));
}

/** `REPLACE ('…', '{name}', …)`, in which the mark names nothing. @returns whether any literal takes part in it. */
function addReplaced(source: Source, at: number, end: number, pieces: Piece[], depth: number): boolean {
  const inner: Piece[] = [];
  const [from = at, to = at] = argumentsOf(source, at + 2, end - 1)[0] ?? [];
  addPieces(source, from, to, inner, depth);
  const mark = markAfter(source, from, end - 1);
  const marked = (literal: Literal) => (mark === null ? literal : withoutMark(literal, mark));
  if (inner.every(({ literal }) => literal === null)) return false;
  for (const piece of inner) pieces.push({ ...piece, literal: piece.literal && marked(piece.literal), isKnown: false });
  return true;
}

/** What stands after THEN and ELSE. */
function addBranches(source: Source, at: number, end: number, pieces: Piece[], depth: number): void {
  let from = -1;
  for (let next = at + 1; next < end; next = operandStep(source, next)) {
    const word = source.words[next] ?? "";
    const isBorder = word === "when" || word === "else" || next === end - 1;
    if (isBorder && from >= 0) addPieces(source, from, next, pieces, depth);
    if (isBorder) pieces.push(unknown(source, next, next));
    if (word === "then" || word === "else") from = next + 1;
    else if (isBorder) from = -1;
  }
}

function unknown(source: Source, at: number, end: number): Piece {
  for (let next = at; next < Math.min(end, at + 4); next++)
    if (isVariable(source, next))
      return { literal: null, variable: tokenText(source, next).toLowerCase(), at, isKnown: false };
  return { literal: null, variable: null, at, isKnown: false };
}

function argumentsOf(source: Source, from: number, to: number): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  let start = from;
  for (let at = from; at <= to; at = operandStep(source, at)) {
    if (at < to && source.words[at] !== ",") continue;
    found.push([start, at]);
    start = at + 1;
  }
  return found;
}

function operandEnd(source: Source, from: number, to: number): number {
  let at = from;
  while (at < to && source.words[at] !== "+" && (at === from || !lacksPlus(source, at))) at = operandStep(source, at);
  return Math.min(at, to);
}

/** Whether a literal or a variable stands after another operand, with nothing to join them. */
function lacksPlus(source: Source, at: number): boolean {
  if (!isLiteral(source, at) && !isVariable(source, at)) return false;
  return isLiteral(source, at - 1) || isVariable(source, at - 1) || source.words[at - 1] === ")";
}

/** The index after a token, a group or a CASE. What an open parenthesis holds to the end of the text is one step, so that thousands of them stay cheap. */
export function operandStep(source: Source, at: number): number {
  if (source.words[at] === "(") return (source.closing[at] ?? at) + 1;
  return source.words[at] === "case" ? (caseEnds(source).get(at) ?? at) + 1 : at + 1;
}

/** By the token of a CASE, that of its END. */
function caseEnds(source: Source): ReadonlyMap<number, number> {
  const known = endsOfCases.get(source);
  if (known !== undefined) return known;
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (const [at, word] of source.words.entries()) {
    if (word === "case") open.push(at);
    else if (word === "end") {
      const start = open.pop();
      if (start !== undefined) ends.set(start, at);
    }
  }
  endsOfCases.set(source, ends);
  return ends;
}

/** Of the sources that somebody asked about. */
const endsOfCases = new WeakMap<Source, ReadonlyMap<number, number>>();
