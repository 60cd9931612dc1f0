import type { OpenAnalysis } from "./analyse";
import type { Dialect } from "./dialect";
import { lex } from "./lexer";
import type { Segment } from "./segments";
import { commentFolds, type Fold, foldsOf, type Mark, marksOf } from "./structureFolds";
import { type Outline, outlineOf } from "./structureOutline";
import { moveTokens } from "./token";

/** What a piece of a text holds, for an editor to show; places are relative to the piece's start. */
export interface Structure {
  readonly outline: readonly Outline[];
  readonly folds: readonly Fold[];
  /** Comments that divide the file. */
  readonly marks: readonly Mark[];
}

/** A piece at its place in the text. */
export interface PlacedStructure extends Structure {
  readonly at: number;
}

/** A text's structure, piece by piece. Pieces that an edit didn't touch are not read again. */
export function structuresOf({ text, language, segments }: OpenAnalysis): PlacedStructure[] {
  let at = 0;
  return segments.map((segment) => {
    const placed = { at, ...structureOf(text, at, segment, language.dialect) };
    at += segment.length;
    return placed;
  });
}

/** Segments stay the same objects through edits elsewhere, and how one reads depends on its own text alone. */
const known = new WeakMap<Segment, Structure>();

function structureOf(text: string, at: number, segment: Segment, dialect: Dialect): Structure {
  const before = known.get(segment);
  if (before) return before;
  const own = text.slice(at, at + segment.length);
  const tokens = lex(own, dialect);
  const isAtLineStart = at === 0 || /[\r\n]/.test(text[at - 1] ?? "");
  const outline = segment.statements.map(({ start, end, facts }) => {
    const inside = tokens.filter((token) => token.start >= start && token.end <= end);
    return outlineOf(own.slice(start, end), moveTokens(inside, -start), facts, dialect, start);
  });
  const structure = {
    outline,
    folds: [
      ...segment.statements.map(({ start, end }): Fold => ({ start, end, kind: "code" })),
      ...foldsOf(own, tokens, dialect),
      ...commentFolds(own, tokens, isAtLineStart),
    ],
    marks: marksOf(own, tokens),
  };
  known.set(segment, structure);
  return structure;
}
