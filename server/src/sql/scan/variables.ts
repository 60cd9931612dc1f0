import type { TextFacts, VariableUse } from "../facts";
import type { Span } from "../span";
import { type Literal, readJoined } from "./literal";
import { readAnyName } from "./names";
import { isVariable, type Source, skipAny, skipGroup, tokenText } from "./source";
import { beginsUnparted } from "./unparted";
import { startsSqlServerStatement } from "./words";

/**
 * SQL Server: what is done with variables that may hold SQL. What isn't understood counts as a change, so that nothing is taken for the
 * text of a variable that may hold another one.
 * @param opaque the parts of the statement that run SQL which isn't written there
 * @param read what a literal names
 */
export function variableUses(
  source: Source,
  opaque: readonly Span[],
  read: (literal: Literal) => TextFacts | null,
): readonly VariableUse[] {
  const uses: VariableUse[] = [];
  const give = (variable: string, at: number) => {
    const text = readJoined(source, at);
    if (source.words[at] === "null" && isWhole(source, at + 1)) return;
    const names = text !== null && isWhole(source, text.next) ? read(text.literal) : null;
    if (names === null) uses.push({ variable, does: "change" });
    else uses.push({ variable, does: "give", start: source.tokens[at]?.start ?? 0, names });
  };
  let verb = "";
  let depth = 0;
  for (let at = 0; at < source.tokens.length; at++) {
    const word = source.words[at] ?? "";
    if (word === "(") depth++;
    else if (word === ")") depth--;
    else if (word === "set" || word === ";" || startsSqlServerStatement(word)) verb = word;
    if (!isVariable(source, at)) continue;
    const variable = tokenText(source, at).toLowerCase();
    const before = source.words[at - 1] ?? "";
    if (verb === "declare" && depth === 0 && (before === "declare" || before === ",")) {
      uses.push({ variable, does: "declare" });
      const value = afterType(source, at + 1);
      if (source.words[value] === "=") give(variable, value + 1);
    } else if (isGiven(source, at, verb)) give(variable, at + 2);
    else if (isChanged(source, at, verb)) uses.push({ variable, does: "change" });
  }
  for (const part of opaque) {
    const variable = ranVariable(source, part);
    if (variable !== null) uses.push({ variable, does: "run", start: part.start });
  }
  return uses;
}

function afterType(source: Source, at: number): number {
  const type = readAnyName(source, skipAny(source, at, ["as"]));
  return type === null ? at : skipGroup(source, type.next);
}

/** Whether a value ends before this token. */
function isWhole(source: Source, at: number): boolean {
  const word = source.words[at] ?? ";";
  return afterValue.has(word) || startsSqlServerStatement(word) || beginsUnparted(source, at);
}

const afterValue: ReadonlySet<string> = new Set([";", ",", "set", "from", "where", "option", "with"]);

/** `SET @a = …`, `SELECT @a = …, @b = …`; in a call it is the name of an argument, and elsewhere a comparison. */
function isGiven(source: Source, at: number, verb: string): boolean {
  if (source.words[at + 1] !== "=" || calls.has(verb)) return false;
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

/** The variable whose text is run in a part of a statement; null where another text takes part, or another server runs it. */
function ranVariable(source: Source, { start, end }: Span): string | null {
  const at = source.tokens.findIndex((token) => token.start === start);
  const wrapped = source.words[at] === "(";
  const variable = wrapped ? at + 1 : at;
  const last = wrapped ? at + 2 : at;
  if (at < 0 || !isVariable(source, variable) || source.tokens[last]?.end !== end) return null;
  return source.words[last + 1] === "at" ? null : tokenText(source, variable).toLowerCase();
}
