import type { Dialect } from "./dialect";
import { type EditedText, editedText, inCommon } from "./editedText";
import type { AnalysedStatement, Analysis } from "./facts";
import { openGivenTexts } from "./givenTexts";
import { loadPostgresGrammar } from "./grammar/postgres";
import type { Language } from "./readStatement";
import { type Before, readSegment, type Segment } from "./segments";
import { openTransient, type Transient } from "./transient";
import { openSettling } from "./unfinished";

/** Reads a text's statements and what they say. Never fails: what a grammar refuses is read by its tokens, and holds its fault. */
export function analyse(text: string, dialect: Dialect, rest?: Rest): Promise<OpenAnalysis> {
  return openAnalysis(text, dialect, rest);
}

/** Is asked between two statements, to let other work in: null where there is no need. */
export type Rest = () => Promise<void> | null;

/** The analysis of a text that is being edited. */
export interface OpenAnalysis extends Analysis {
  readonly language: Language;
  readonly segments: readonly Segment[];
  /** The segments' statements, references to temporary tables among what they say. */
  readonly read: readonly AnalysedStatement[];
  /** How far the segments looked ahead, taken together. */
  readonly ahead: number;
  /** How many of the segments are entangled. */
  readonly entangled: number;
  readonly transient: Transient;
  readonly settle: ReturnType<typeof openSettling>;
  readonly give: ReturnType<typeof openGivenTexts>;
}

/** Reads a text's statements, so that after an edit only what it touched is read again. */
export async function openAnalysis(text: string, dialect: Dialect, rest: Rest = () => null): Promise<OpenAnalysis> {
  const grammar = dialect === "postgresql" ? await loadPostgresGrammar() : null;
  const draft = newDraft(editedText(text), { dialect, grammar });
  while (draft.at < text.length) {
    addSegment(draft, readNext(draft));
    const pause = rest();
    if (pause !== null) await pause;
  }
  return finished(draft, {
    transient: openTransient(dialect),
    settle: openSettling(),
    give: openGivenTexts(),
  });
}

/**
 * The analysis of the text as it stands after an edit; the same as a new one of that text. The `facts` of statements that weren't touched
 * stay the same objects, so that what was found in them can be kept by them.
 */
export function editAnalysis(previous: OpenAnalysis, now: EditedText | string): OpenAnalysis {
  const { source: old, segments } = previous;
  const text = typeof now === "string" ? editedText(now) : now;
  const { start, end } = inCommon(old, text);
  if (start + end === old.length && old.length === text.length) return previous;
  const unchangedFrom = old.length - end;
  const grown = text.length - old.length;
  const draft = newDraft(text, previous.language);
  const kept = keepStart(draft, previous, start);
  while (draft.at < text.length) {
    let segment: Segment | null = null;
    for (let one = segments[kept.next]; segment === null && one !== undefined; one = segments[kept.next]) {
      const end = kept.at + one.length;
      const isBefore = end + one.lookahead < start;
      // How a text begins depends on its being the beginning, or that of a line: the character before must be the same, too.
      const isAfter = kept.at > unchangedFrom;
      const now = isBefore ? kept.at : kept.at + grown;
      if ((isBefore || isAfter) && now > draft.at) break;
      if ((isBefore || isAfter) && now === draft.at && isAsBefore(draft, one)) {
        if (isAfter && keepRest(draft, previous, kept)) return finished(draft, previous);
        segment = one;
      }
      kept.next++;
      kept.at = end;
      kept.statements += one.statements.length;
      kept.ahead += one.lookahead;
      if (one.isEntangled) kept.entangled++;
    }
    addSegment(draft, segment ?? readNext(draft));
  }
  return finished(draft, previous);
}

/** A text's segments up to an offset, and what they leave to the next one. */
interface Draft {
  readonly text: EditedText;
  readonly language: Language;
  segments: Segment[];
  statements: AnalysedStatement[];
  at: number;
  ahead: number;
  entangled: number;
  missesCopyEnd: boolean;
  escapesPlain: boolean;
}

function newDraft(text: EditedText, language: Language): Draft {
  const nothing = { at: 0, ahead: 0, entangled: 0, missesCopyEnd: false, escapesPlain: false };
  return { text, language, segments: [], statements: [], ...nothing };
}

function finished(
  draft: Draft,
  { transient, settle, give }: Pick<OpenAnalysis, "transient" | "settle" | "give">,
): OpenAnalysis {
  const { text: source, language, segments, statements: read, ahead, entangled } = draft;
  return {
    source,
    get text() {
      return source.toString();
    },
    // Hardly any text has statements to be read together, and this is done behind each key.
    statements: entangled === 0 ? read : transient.without(settle(give(read, source)), source),
    language,
    segments,
    read,
    ahead,
    entangled,
    transient,
    settle,
    give,
  };
}

function readNext(draft: Draft): Segment {
  const { text, language, at, ahead, missesCopyEnd, escapesPlain } = draft;
  const last = draft.segments.at(-1);
  // Nearly all of them have the same before them.
  const isSame = last !== undefined && isAsBefore(draft, last);
  const before = isSame ? last.before : { missesCopyEnd, escapesPlain, looksAhead: ahead < farthest(text) };
  return readNear(text, at, language, before) ?? readSegment(text.toString(), at, language, before);
}

/** Reads a segment of an edited text by what stands around it alone; null where that isn't enough. */
function readNear(text: EditedText, at: number, language: Language, before: Before): Segment | null {
  if (!text.isEdited) return null;
  const from = Math.max(0, at - near.before);
  const around = text.slice(from, at + near.after);
  // Where a line begins, others look back over spaces.
  if (from > 0 && around.slice(0, at - from).trim() === "") return null;
  const segment = readSegment(around, at - from, language, before);
  const isWhole = from + around.length === text.length;
  const isSure = at + segment.length + segment.lookahead + near.beside < from + around.length;
  return isWhole || isSure ? segment : null;
}

/** How much is looked at before and after a segment's start, and how much of it more than is read, in characters. */
const near = { before: 256, after: 16_384, beside: 256 };

/** Looking ahead again and again must not take more than time in proportion to the text. */
function farthest(text: EditedText): number {
  return 1_000_000 + 4 * text.length;
}

function isAsBefore(draft: Draft, { before }: Segment): boolean {
  const { missesCopyEnd, escapesPlain, looksAhead } = before;
  if (missesCopyEnd !== draft.missesCopyEnd || escapesPlain !== draft.escapesPlain) return false;
  return looksAhead === draft.ahead < farthest(draft.text);
}

function addSegment(draft: Draft, segment: Segment): void {
  draft.segments.push(segment);
  for (const statement of segment.statements) draft.statements.push(moved(statement, draft.at));
  draft.at += segment.length;
  draft.ahead += segment.lookahead;
  if (segment.isEntangled) draft.entangled++;
  draft.missesCopyEnd = segment.missesCopyEnd;
  draft.escapesPlain = segment.escapesPlain;
}

function moved({ start, end, facts }: AnalysedStatement, by: number): AnalysedStatement {
  return { start: start + by, end: end + by, facts };
}

/** The next of an earlier analysis's segments that may be kept, its offset there, and how many statements stand before it. */
interface Kept {
  next: number;
  at: number;
  statements: number;
  /** How far the segments before it looked ahead, taken together. */
  ahead: number;
  /** How many of the segments before it are entangled. */
  entangled: number;
}

/** Keeps the segments that an edit at an offset leaves as they are, as far as all of them before it are. */
function keepStart(draft: Draft, { segments, read }: OpenAnalysis, edit: number): Kept {
  const kept = { next: 0, at: 0, statements: 0, ahead: 0, entangled: 0 };
  for (const segment of segments) {
    const end = kept.at + segment.length;
    if (end + segment.lookahead >= edit || !isAsBefore(draft, segment)) break;
    kept.next++;
    kept.at = end;
    kept.statements += segment.statements.length;
    kept.ahead += segment.lookahead;
    if (segment.isEntangled) kept.entangled++;
    draft.missesCopyEnd = segment.missesCopyEnd;
    draft.escapesPlain = segment.escapesPlain;
  }
  draft.at = kept.at;
  draft.ahead = kept.ahead;
  draft.entangled = kept.entangled;
  draft.segments = segments.slice(0, kept.next);
  draft.statements = read.slice(0, kept.statements);
  return kept;
}

/** Keeps all segments from one after the edit on, which are read as before unless too much was looked at; tells whether it could. */
function keepRest(draft: Draft, previous: OpenAnalysis, kept: Kept): boolean {
  const { source: text, segments, read, ahead, entangled } = previous;
  if (ahead >= farthest(text) || draft.ahead + ahead >= farthest(draft.text)) return false;
  const by = draft.at - kept.at;
  const rest = read.slice(kept.statements);
  if (by !== 0) {
    for (let index = 0; index < rest.length; index++) {
      const statement = rest[index];
      if (statement !== undefined) rest[index] = moved(statement, by);
    }
  }
  draft.segments = draft.segments.concat(segments.slice(kept.next));
  draft.statements = draft.statements.concat(rest);
  draft.ahead += ahead - kept.ahead;
  draft.entangled += entangled - kept.entangled;
  draft.at = draft.text.length;
  return true;
}
