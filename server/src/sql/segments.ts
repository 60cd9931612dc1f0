import type { Dialect } from "./dialect";
import type { AnalysedStatement, Refusal, StatementFacts, SyntaxFault } from "./facts";
import { type LexedBefore, readTokens } from "./lexer";
import { marks } from "./marks";
import { type Language, readStatement, refusalOf } from "./readStatement";
import { Splitter } from "./statements";
import { findSwallowed, type Swallowed } from "./swallowed";
import type { TokenList } from "./tokenList";

/**
 * A piece of a text from where one statement has ended to where the next one ends, so with at most one statement, what surrounds it, and
 * the data that follows it. How it reads depends on the text from its start on, and on little before.
 */
export interface Segment {
  readonly length: number;
  /** How far after its end the text was looked at. */
  readonly lookahead: number;
  readonly before: Before;
  /** Whether the end of COPY's data was looked for in all that follows, here or before, and not found. */
  readonly missesCopyEnd: boolean;
  /** Whether a backslash escapes in the plain literals after it. */
  readonly escapesPlain: boolean;
  /** Whether it may hold comments or commands that mean something to us or to another tool. */
  readonly mayHoldAsides: boolean;
  /** Whether what its statements say rests on others of the text, or what others say on them. */
  readonly isEntangled: boolean;
  /** Relative to the segment's start. More than one where a `;` is missing between them. */
  readonly statements: readonly AnalysedStatement[];
}

/** What the segments before decide about how the next one is read. */
export interface Before extends LexedBefore {
  /** Whether to look for the statements that an unfinished one has swallowed. */
  readonly looksAhead: boolean;
}

/** Reads the segment that begins at an offset. */
export function readSegment(text: string, from: number, language: Language, before: Before): Segment {
  const draft = readDraft(text, from, language, before);
  const { missesCopyEnd } = draft;
  let { end } = draft;
  let reach = missesCopyEnd && !before.missesCopyEnd ? text.length : end;
  let { escapesPlain } = before;
  let statements: readonly AnalysedStatement[] = [];
  if (draft.statement !== null) {
    const { statement, semicolon, refusal, ...read } = readAhead(text, draft, draft.statement, language, before);
    end = read.end;
    reach = Math.max(reach, read.reach);
    const closed = semicolon === null ? null : semicolon - statement.start;
    escapesPlain = setsEscapes(statement.text) ?? escapesPlain;
    const by = statement.start - from;
    statements = readStatement(statement.text, statement.tokens, language, refusal, closed).map((one) => ({
      start: one.start + by,
      end: one.end + by,
      facts: one.facts,
    }));
  }
  const mayHoldAsides = mayHold[language.dialect].test(text.slice(from, end));
  const isEntangled = statements.some(({ facts }) => areEntangled(facts));
  const lookahead = reach - end;
  const length = end - from;
  return { length, lookahead, before, missesCopyEnd, escapesPlain, mayHoldAsides, isEntangled, statements };
}

/** What a statement decides about backslashes in the plain literals after it, as the dump of an old server does at its head; null for nearly all. */
function setsEscapes(statement: string): boolean | null {
  const value = escapesSetting.exec(statement)?.[1];
  return value === undefined ? null : /^(?:off|false|no|0)$/i.test(value);
}

const escapesSetting = /^set\s+(?:session\s+|local\s+)?standard_conforming_strings\s*(?:=|\bto\b)\s*'?(\w+)/i;

/** Temporary tables, half-typed names, and variables that are run. */
function areEntangled({ transient, unfinished, variables }: StatementFacts): boolean {
  return transient.length > 0 || unfinished !== null || variables.some(({ does }) => does === "run");
}

/** Asks the grammar about a draft's statement, and cuts it short where it has swallowed others. */
function readAhead(text: string, draft: Draft, statement: OwnStatement, language: Language, before: Before): Ahead {
  // Of what isn't closed the refusal is certain, and the text up to the end is long: it is asked about when it is known where it ends.
  const isOpen = statement.tokens.last?.terminated === false;
  const refusal = isOpen ? null : refusalOf(statement.text, statement.tokens, language);
  const asks = before.looksAhead && (isOpen || refusal !== null);
  const { found, reach } = asks
    ? findAhead(text, draft, statement, language, { before, fault: refusal })
    : { found: null, reach: draft.end };
  if (found === null) {
    const own = isOpen ? refusalOf(statement.text, statement.tokens, language) : refusal;
    return { statement, refusal: own, end: draft.end, semicolon: draft.semicolon, reach };
  }
  const { start } = statement;
  const { at, tokens } = found;
  const own = text.slice(start, start + (tokens.last?.end ?? at));
  return {
    statement: { start, text: own, tokens },
    refusal: refusalOf(own, tokens, language),
    end: start + at,
    semicolon: null,
    reach,
  };
}

/** Most pieces hold none of them. */
const mayHold: Readonly<Record<Dialect, RegExp>> = {
  postgresql: new RegExp(String.raw`${marks}|\\`, "i"),
  sqlserver: new RegExp(String.raw`${marks}|^[ \t]*(?::|!!)`, "im"),
};

/** A statement and its refusal, its end and its `;`, and how far the text was looked at. */
interface Ahead {
  readonly statement: OwnStatement;
  readonly refusal: Refusal | null;
  readonly end: number;
  readonly semicolon: number | null;
  readonly reach: number;
}

/** The text up to a statement's end, as its quotes, parentheses and blocks say. */
interface Draft {
  readonly end: number;
  readonly statement: OwnStatement | null;
  /** The offset of the `;` that ends it. */
  readonly semicolon: number | null;
  readonly missesCopyEnd: boolean;
}

/** A statement's place, its text, and its tokens with its own offsets. */
interface OwnStatement {
  readonly start: number;
  readonly text: string;
  readonly tokens: TokenList;
}

function readDraft(text: string, from: number, { dialect }: Language, before: LexedBefore): Draft {
  const reader = readTokens(text, dialect, from, before);
  const splitter = new Splitter(text, dialect);
  const draft = (statement: OwnStatement | null, semicolon: number | null): Draft => ({
    end: reader.at,
    statement,
    semicolon,
    missesCopyEnd: reader.missesCopyEnd,
  });
  for (let given = 0; ; ) {
    const token = reader.tokens.get(given);
    if (token === undefined) {
      if (reader.atEnd()) return draft(ownStatement(text, reader.tokens, splitter.take()), null);
      reader.read();
      continue;
    }
    given++;
    if (!splitter.add(token)) continue;
    const semicolon = text[token.start] === ";" ? token.start : null;
    const statement = ownStatement(text, reader.tokens, splitter.take());
    if (statement !== null || given > mostEmpty) return draft(statement, semicolon);
  }
}

/** A segment may begin with so many lone `;` and commands, as thousands of them should not be as many segments, nor one that is read as a whole. */
const mostEmpty = 1000;

/** The statement that some of a text's tokens make. */
function ownStatement(
  text: string,
  all: TokenList,
  part: { readonly first: number; readonly last: number } | null,
): OwnStatement | null {
  if (part === null) return null;
  const start = all.get(part.first)?.start ?? text.length;
  const end = all.get(part.last)?.end ?? start;
  const tokens = all.part(part.first, part.last + 1, -start);
  return { start, text: detached(text.slice(start, end)), tokens };
}

/**
 * The same text in memory of its own. A part of a text keeps all of it alive, and names are parts: those of a statement that was read
 * after one edit would keep the file as it was then, however often it is edited.
 */
function detached(text: string): string {
  return `\n${text}`.slice(1);
}

/**
 * A statement that is refused may hold others, which something unclosed in it has swallowed. Where that isn't clear from the statement
 * itself, the one after it tells: it makes no sense either if the quotes are taken the wrong way round.
 */
function findAhead(
  text: string,
  { end, semicolon, missesCopyEnd }: Draft,
  statement: OwnStatement,
  language: Language,
  { before, fault }: { readonly before: Before; readonly fault: SyntaxFault | null },
): { found: Swallowed | null; reach: number } {
  const found = findSwallowed(statement.text, statement.tokens, language.dialect, fault, semicolon !== null);
  if (found === null || found.isCertain) return { found, reach: end };
  const next = readDraft(text, end, language, { ...before, missesCopyEnd });
  const isRight = next.statement === null || !refusalOf(next.statement.text, next.statement.tokens, language)?.isSure;
  return { found: isRight ? null : found, reach: next.end };
}
