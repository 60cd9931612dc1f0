import type { TextFacts, VariableUse } from "../facts";
import { firstIndex } from "../sorted";
import type { Span } from "../span";
import { operandStep, pieceLiteral, readPieces } from "./assembled";
import { joined, type Literal } from "./literal";
import { readAnyName } from "./names";
import { replacedMarks } from "./replaced";
import { indexAt, isVariable, type Source, skipAny, skipGroup, tokenText } from "./source";
import { beginsUnparted } from "./unparted";
import { startsSqlServerStatement } from "./words";

/**
 * SQL Server: what is done with variables that may hold SQL. What isn't understood counts as a change, so that nothing is taken for the
 * text of a variable that may hold another one.
 * @param opaque the parts of the statement that run SQL which isn't written there
 */
export function variableUses(source: Source, opaque: readonly Span[], read: ReadText): readonly VariableUse[] {
  const uses: VariableUse[] = [];
  const texts = openTexts(source, uses, read);
  let verb = "";
  let depth = 0;
  for (let at = 0; at < source.tokens.length; at++) {
    const word = source.words[at] ?? "";
    if (word === "(") depth++;
    else if (word === ")") depth--;
    else if (word === "set" || word === ";" || startsSqlServerStatement(word)) verb = word;
    // No parenthesis holds a DECLARE: what is open or closed too often before is another statement's.
    if (word === "declare") depth = 0;
    if (!isVariable(source, at)) continue;
    const variable = tokenText(source, at).toLowerCase();
    const before = source.words[at - 1] ?? "";
    if (verb === "declare" && depth === 0 && (before === "declare" || before === ",")) {
      uses.push({ variable, does: "declare" });
      const value = afterType(source, at + 1);
      if (source.words[value] === "=") texts.give(variable, value + 1, false);
    } else if (isGiven(source, at, verb)) texts.give(variable, at + 2, source.words[at + 1] === "+=");
    else if (isChanged(source, at, verb)) uses.push({ variable, does: "change" });
  }
  texts.close();
  for (const part of opaque) uses.push(...runVariables(source, part));
  return uses;
}

/** Tells what a text names, of which the parts are known; null where it can't be told. */
export type ReadText = (text: Literal, parts: readonly Literal[]) => TextFacts | null;

/** The text that a variable has from a statement's assignments so far. */
interface OpenText {
  readonly pieces: Literal[];
  /** Where assignments end, as counts of pieces. */
  readonly ends: number[];
  start: number | null;
  isWhole: boolean;
}

interface OpenTexts {
  /** Takes a variable's next assignment, whose value begins at a token. */
  give(variable: string, at: number, isCompound: boolean): void;
  /** Ends the texts of all variables. */
  close(): void;
}

/** Collects the texts of variables, assignment by assignment. */
function openTexts(source: Source, uses: VariableUse[], read: ReadText): OpenTexts {
  const open = new Map<string, OpenText>();
  const end = (variable: string) => {
    const text = open.get(variable);
    open.delete(variable);
    const start = text?.start ?? null;
    if (text === undefined || start === null) return;
    const parts = assignedParts(text);
    const names = read(glued(parts), parts);
    if (names === null) uses.push({ variable, does: "change" });
    else uses.push({ variable, does: "give", start, isWhole: text.isWhole, names });
  };
  return {
    give(variable, at, isCompound) {
      if (source.words[at] === "null" && isPastValue(source, at + 1)) return;
      const valueTo = valueEnd(source, at);
      for (const mark of replacedMarks(source, at, valueTo)) uses.push({ variable, does: "replace", mark });
      const all = readPieces(source, at, valueTo);
      const [head] = all;
      // What a function makes of the text before, as in `ISNULL(@a + ',', '') + …`, is some text, too.
      const isOwn = head?.variable === variable && all.some(({ literal }) => literal !== null);
      const isBare = head?.variable === variable && tokenText(source, head.at).toLowerCase() === variable;
      const pieces = isOwn || isBare ? all.slice(1) : all;
      const grows = isCompound || isBare;
      for (const piece of pieces) {
        if (piece.variable !== null && piece.variable !== variable)
          uses.push({ variable: piece.variable, does: "feed", into: variable });
      }
      const first = pieces.find(({ literal }) => literal !== null);
      if (!grows) end(variable);
      if (first === undefined && !(grows && open.has(variable))) {
        uses.push({ variable, does: "change" });
        return;
      }
      const text = open.get(variable) ?? { pieces: [], ends: [], start: null, isWhole: true };
      open.set(variable, text);
      text.start ??= first === undefined ? null : (source.tokens.get(first.at)?.start ?? 0);
      for (const piece of pieces) {
        text.pieces.push(pieceLiteral(source, piece));
        if (!piece.isKnown) text.isWhole = false;
      }
      if (isOwn && !isBare) text.isWhole = false;
      text.ends.push(text.pieces.length);
    },
    close() {
      for (const variable of [...open.keys()]) end(variable);
    },
  };
}

/** What each assignment adds. */
function assignedParts({ pieces, ends }: OpenText): readonly Literal[] {
  const groups = ends.map((end, n) => pieces.slice(ends[n - 1] ?? 0, end));
  return groups.flatMap((group) => (group[0] === undefined ? [] : [joined(group[0], group)]));
}

/** The assignments' literals as one text; a name that goes over from one to the next has no place, since others may stand between them. */
function glued(parts: readonly Literal[]): Literal {
  const [first] = parts;
  if (first === undefined) return { content: "", opening: "'", place: (span) => span };
  const whole = joined(first, parts);
  const borders = new Set<number>();
  let length = 0;
  for (const part of parts) {
    length += part.content.length;
    borders.add(length);
  }
  const crosses = ({ start, end }: Span) => {
    for (let at = start + 1; at < end; at++) if (borders.has(at)) return true;
    return false;
  };
  return {
    ...whole,
    place: (span) => (crosses(span) ? whole.place({ start: span.start, end: span.start }) : whole.place(span)),
  };
}

function afterType(source: Source, at: number): number {
  const type = readAnyName(source, skipAny(source, at, ["as"]));
  return type === null ? at : skipGroup(source, type.next);
}

function valueEnd(source: Source, from: number): number {
  let at = from;
  while (at < source.tokens.length && !isPastValue(source, at)) {
    if (source.words[at] === ")" || (at > from && beginsAssignment(source, at))) return at;
    at = operandStep(source, at);
  }
  return Math.min(at, source.tokens.length);
}

/** Whether a variable that nothing joins to what is before it is given a value: its SET or SELECT is missing. */
function beginsAssignment(source: Source, at: number): boolean {
  return isVariable(source, at) && source.words[at - 1] !== "+" && source.words[at + 1] === "=";
}

/** Whether a value ends before this token. */
function isPastValue(source: Source, at: number): boolean {
  const word = source.words[at] ?? ";";
  return afterValue.has(word) || startsSqlServerStatement(word) || beginsUnparted(source, at);
}

const afterValue: ReadonlySet<string> = new Set([";", ",", "set", "from", "where", "option", "with"]);

/** `SET @a = …`, `SELECT @a += …, @b = …`; in a call it is the name of an argument, and elsewhere a comparison. */
function isGiven(source: Source, at: number, verb: string): boolean {
  const after = source.words[at + 1];
  if ((after !== "=" && after !== "+=") || calls.has(verb)) return false;
  return beforeGiven.has(source.words[at - 1] ?? "");
}

const calls: ReadonlySet<string> = new Set(["exec", "execute"]);
const beforeGiven: ReadonlySet<string> = new Set(["set", "select", "distinct", "all", ",", ")"]);

function isChanged(source: Source, at: number, verb: string): boolean {
  const before = source.words[at - 1] ?? "";
  const after = source.words[at + 1] ?? "";
  if (verb === "fetch" || verb === "receive" || after === "output" || after === "out") return true;
  if (before === "set" || compound.test(after)) return true;
  if (after !== "=") return false;
  return calls.has(before) || (!calls.has(verb) && !comparisons.has(before));
}

const compound = /^[-+*/%&|^]=$/;

/** After these a variable is compared. */
const comparisons: ReadonlySet<string> = new Set(
  "if while where and or not when on having ( between then else =".split(" "),
);

/** The variables whose text is run in a part of a statement; none where another server runs it. */
function runVariables(source: Source, { start, end }: Span): VariableUse[] {
  const at = indexAt(source, start);
  const last = firstIndex(source.tokens.length, (index) => (source.tokens.get(index)?.end ?? end) >= end);
  if (at < 0 || source.words[last + 1] === "at") return [];
  const pieces = readPieces(source, at, last + 1);
  const uses: VariableUse[] = [];
  for (const { variable } of pieces) {
    const isWhole = pieces.length === 1 && (at === last || (source.words[at] === "(" && last === at + 2));
    if (variable === null) continue;
    uses.push({ variable, does: "run", start, isWhole });
    for (const mark of replacedMarks(source, at, last + 1)) uses.push({ variable, does: "replace", mark });
  }
  return uses;
}
