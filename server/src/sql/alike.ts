import { isBuiltInFunction } from "./builtInFunctions";
import type { StatementFacts } from "./facts";
import { isBuiltInType, isNoFunction } from "./scan/words";
import type { Token } from "./token";

/*
 * Files that a program has written, and histories that make a table for each month or part, hold the same statement again and again with other names. What
 * is worked out of a statement's text alone is worked out of the first of them, and restated with the names of the others.
 */

/** What a statement has in common with those that are alike, and the names, each once, by which it differs from them. */
export interface Likeness {
  readonly common: string;
  readonly names: readonly string[];
}

/**
 * PostgreSQL: what a statement's text is but for its names of the same length; null where names may matter to how it is read. Names are taken for such only
 * where they hold a digit, as no keyword does. `text` and `tokens` share their offsets.
 */
export function likenessOf(text: string, tokens: readonly Token[]): Likeness | null {
  if (text.length > longest || mayBeComposed.test(text)) return null;
  const names: string[] = [];
  let common = "";
  let from = 0;
  let isAfterString = false;
  for (const { kind, start, end, terminated } of tokens) {
    if (kind === "word") {
      const word = text.slice(start, end);
      if (mayVary(word)) {
        let index = names.indexOf(word);
        if (index < 0) index = names.push(word) - 1;
        common += `${text.slice(from, start)}\0${String.fromCharCode(index, word.length)}`;
        from = end;
      }
    } else if (!terminated || never.has(kind) || (kind === "string" && isAfterString)) return null;
    if (kind !== "space" && kind !== "comment") isAfterString = kind === "string";
  }
  common += text.slice(from);
  if (names.length === 0) return { common, names };
  // A literal may hold a name that the statement also has outside of it, and then they belong together.
  const folded = common.toLowerCase();
  return names.some((name) => folded.includes(name)) ? null : { common, names };
}

/** What was read of the first statement that is alike, with the names of this one; null where there is none yet. */
export function factsAlike({ common, names }: Likeness): StatementFacts | null {
  const first = firsts.get(common);
  if (first === undefined) return null;
  const restated = restatedBy(first, "facts", names, () => first.facts);
  if (restated === null) return null;
  // Each statement has facts of its own, by which it is known.
  const facts = restated === first.facts ? { ...first.facts } : restated;
  likes.set(facts, { first, names });
  return facts;
}

/** Remembers what was read of a statement that the grammar accepts, for those that are alike. */
export function keepForAlike({ common, names }: Likeness, text: string, facts: StatementFacts): void {
  if (firsts.has(common)) return;
  // The oldest makes room.
  if (firsts.size >= most) for (const key of firsts.keys()) if (firsts.delete(key)) break;
  firsts.set(common, { text, names, facts, templates: new Map() });
}

/**
 * What is worked out of a statement, restated from the first one that is alike; null where there is none.
 * @param what tells it from other things that are worked out of statements
 * @param workOut takes the first one's own text
 */
export function restatedFor<T extends object>(
  facts: StatementFacts,
  what: string,
  workOut: (text: string, facts: StatementFacts) => T,
): T | null {
  const like = likes.get(facts);
  if (like === undefined) return null;
  const { first, names } = like;
  return restatedBy(first, what, names, () => workOut(first.text, first.facts));
}

/** The first statement of its likeness. */
interface First {
  readonly text: string;
  readonly names: readonly string[];
  readonly facts: StatementFacts;
  /** By what they are of. */
  readonly templates: Map<string, Template>;
}

interface Template {
  readonly value: object;
  /** Null where nothing has to be. */
  readonly change: Change | null | "unclear";
}

/** What has to be changed in a value for other names: it is the name at an index; a text's pieces, some of them names; or parts of an object. */
type Change = number | readonly (string | number)[] | ObjectChange;

interface ObjectChange {
  readonly of: object;
  readonly parts: readonly (readonly [key: string, change: Change])[];
}

const firsts = new Map<string, First>();
const likes = new WeakMap<StatementFacts, { readonly first: First; readonly names: readonly string[] }>();

/** How many are remembered. */
const most = 500;

/** Longer statements are hardly ever alike. */
const longest = 4000;

/** Names in literals may be put together, or written with escapes. */
const mayBeComposed = /[\0\\]|\|\||\bu&/i;

const never: ReadonlySet<Token["kind"]> = new Set(["dollar-string", "template", "line-command", "unknown"]);

/** Whether a word is a name that is read as any other is that stands in its place. */
export function mayVary(word: string): boolean {
  return (
    plainName.test(word) &&
    !known.test(word) &&
    !isNoFunction(word) &&
    !isBuiltInFunction(word) &&
    !isBuiltInType(word, "postgresql")
  );
}

/** Not so long that the server cuts it. */
const plainName = /^(?=[a-z_]*\d)[a-z][a-z0-9_]{0,62}$/;

/** Encodings, temporary things, and what else is told by how it begins. */
const known = /^(?:utf|temp|pg_|has_)/;

function restatedBy<T extends object>(first: First, what: string, names: readonly string[], value: () => T): T | null {
  let template = first.templates.get(what);
  if (template === undefined) {
    const of = value();
    template = { value: of, change: changeIn(of, first.names) };
    first.templates.set(what, template);
  }
  const { change } = template;
  if (change === "unclear") return null;
  return (change === null ? template.value : changed(change, names)) as T;
}

function changeIn(value: unknown, names: readonly string[]): Change | null | "unclear" {
  if (typeof value === "string") return changeInText(value, names);
  if (typeof value !== "object" || value === null) return null;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return "unclear";
  const parts: [string, Change][] = [];
  for (const [key, part] of Object.entries(value)) {
    const change = changeIn(part, names);
    if (change === "unclear") return change;
    if (change !== null) parts.push([key, change]);
  }
  return parts.length === 0 ? null : { of: value, parts };
}

/** A name that is only a part of a word may not be the whole of what the word is made of. */
function changeInText(text: string, names: readonly string[]): Change | null | "unclear" {
  const folded = text.toLowerCase();
  if (!names.some((name) => folded.includes(name))) return null;
  const pieces: (string | number)[] = [];
  for (const [piece] of text.matchAll(/[\w$\u0080-\uffff]+|[^\w$\u0080-\uffff]+/g)) {
    const index = names.indexOf(piece);
    if (index < 0 && names.some((name) => piece.toLowerCase().includes(name))) return "unclear";
    pieces.push(index < 0 ? piece : index);
  }
  const [only] = pieces;
  return pieces.length === 1 && typeof only === "number" ? only : pieces;
}

function changed(change: Change, names: readonly string[]): unknown {
  if (typeof change === "number") return names[change];
  if (!("of" in change)) return change.map((piece) => (typeof piece === "number" ? names[piece] : piece)).join("");
  const copy = (Array.isArray(change.of) ? change.of.slice() : { ...change.of }) as Record<string, unknown>;
  for (const [key, part] of change.parts) copy[key] = changed(part, names);
  return copy;
}
