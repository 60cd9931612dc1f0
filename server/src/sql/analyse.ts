import type { Dialect } from "./dialect";
import { commonEnd, commonStart } from "./difference";
import type { AnalysedStatement, Analysis } from "./facts";
import { loadPostgresGrammar } from "./grammar/postgres";
import type { Language } from "./readStatement";
import { readSegment, type Segment } from "./segments";
import { openTransient, type Transient } from "./transient";

/** Reads a text's statements and what they say. Never fails: what a grammar refuses is read by its tokens, and holds its fault. */
export function analyse(text: string, dialect: Dialect): Promise<OpenAnalysis> {
  return openAnalysis(text, dialect);
}

/** The analysis of a text that is being edited. */
export interface OpenAnalysis extends Analysis {
  readonly language: Language;
  readonly segments: readonly Segment[];
  readonly transient: Transient;
}

/** Reads a text's statements, so that after an edit only what it touched is read again. */
export async function openAnalysis(text: string, dialect: Dialect): Promise<OpenAnalysis> {
  const grammar = dialect === "postgresql" ? await loadPostgresGrammar() : null;
  return assemble(text, { dialect, grammar }, null, () => null);
}

/**
 * The analysis of the text as it stands after an edit; the same as a new one of that text. The `facts` of statements that weren't touched
 * stay the same objects, so that what was found in them can be kept by them.
 */
export function editAnalysis(previous: OpenAnalysis, text: string): OpenAnalysis {
  const { text: old, segments } = previous;
  if (old === text) return previous;
  const start = commonStart(old, text);
  const unchangedFrom = old.length - commonEnd(old, text, start);
  const grown = text.length - old.length;
  let next = 0;
  let oldAt = 0;
  return assemble(text, previous.language, previous, (at, missesCopyEnd, looksAhead) => {
    for (let segment = segments[next]; segment !== undefined; segment = segments[++next]) {
      const end = oldAt + segment.length;
      const isBefore = end + segment.lookahead < start;
      // How a text begins depends on its being the beginning, or that of a line: the character before must be the same, too.
      const isAfter = oldAt > unchangedFrom;
      const now = isBefore ? oldAt : oldAt + grown;
      if ((isBefore || isAfter) && now > at) return null;
      oldAt = end;
      const isSame = segment.before.missesCopyEnd === missesCopyEnd && segment.before.looksAhead === looksAhead;
      if (!(isBefore || isAfter) || now < at || !isSame) continue;
      next++;
      return segment;
    }
    return null;
  });
}

/** Puts a text's segments together. @param kept gives the segment that is known to begin at an offset, if any; asked in their order. */
function assemble(
  text: string,
  language: Language,
  previous: OpenAnalysis | null,
  kept: (at: number, missesCopyEnd: boolean, looksAhead: boolean) => Segment | null,
): OpenAnalysis {
  const segments: Segment[] = [];
  const statements: AnalysedStatement[] = [];
  // Looking ahead again and again must not take more than time in proportion to the text.
  const farthest = 1_000_000 + 4 * text.length;
  let ahead = 0;
  let missesCopyEnd = false;
  for (let at = 0; at < text.length; ) {
    const looksAhead = ahead < farthest;
    const segment: Segment =
      kept(at, missesCopyEnd, looksAhead) ?? readSegment(text, at, language, { missesCopyEnd, looksAhead });
    segments.push(segment);
    for (const { start, end, facts } of segment.statements)
      statements.push({ start: at + start, end: at + end, facts });
    at += segment.length;
    ahead += segment.lookahead;
    missesCopyEnd = segment.missesCopyEnd;
  }
  const transient = openTransient(previous?.transient ?? null);
  return { text, statements: transient.without(statements), language, segments, transient };
}
