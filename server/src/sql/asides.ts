import type { OpenAnalysis } from "./analyse";
import type { Dialect } from "./dialect";
import type { SlicedText } from "./editedText";
import { lex } from "./lexer";
import type { Segment } from "./segments";
import { moveTokens, type Token } from "./token";

/**
 * The comments and the commands of psql and sqlcmd that may mean something to us or to another tool, in their order, and the first token of
 * the first statement, which ends the file's head. Only the pieces that an edit has touched are read again.
 */
export function asidesOf(analysis: OpenAnalysis): readonly Token[] {
  const known = ofAnalyses.get(analysis) ?? readAsides(analysis);
  ofAnalyses.set(analysis, known);
  return known;
}

/** Several ask for them behind one key. */
const ofAnalyses = new WeakMap<OpenAnalysis, readonly Token[]>();

function readAsides({ source: text, language, segments }: OpenAnalysis): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let isHead = true;
  for (const segment of segments) {
    const isFirst = isHead && segment.statements.length > 0;
    const found = isFirst
      ? headOf(text.slice(at, at + segment.length), segment, language.dialect)
      : asidesIn(text, at, segment, language.dialect);
    if (isFirst) isHead = false;
    if (found.length > 0) tokens.push(...moveTokens(found, at));
    at += segment.length;
  }
  return tokens;
}

/** The piece that holds the first statement, with that statement's first token. */
function headOf(text: string, { statements }: Segment, dialect: Dialect): Token[] {
  const tokens = lex(text, dialect);
  const first = tokens.find(({ start }) => start === statements[0]?.start);
  return tokens.filter((token) => token === first || isAside(token));
}

function isAside({ kind }: Token): boolean {
  return kind === "comment" || kind === "line-command";
}

/** Segments stay the same objects through edits elsewhere, and how one reads depends on its own text alone. */
const known = new WeakMap<Segment, readonly Token[]>();

function asidesIn(text: SlicedText, at: number, segment: Segment, dialect: Dialect): readonly Token[] {
  if (!segment.mayHoldAsides) return none;
  const before = known.get(segment);
  if (before) return before;
  const tokens = lex(text.slice(at, at + segment.length), dialect).filter(isAside);
  known.set(segment, tokens);
  return tokens;
}

const none: readonly Token[] = [];
