import { lastPart, type Name, readAnyName, readName } from "./names";
import { follows, type Source, skipAny } from "./source";
import { type Frame, frameOf, lookupKey, type Scan } from "./state";
import { beginsUnparted } from "./unparted";
import { isReserved } from "./words";

/** Reads an alias after an item of a FROM list and remembers it, with the index of the table found for the item; gives the index after it. */
export function readAlias(scan: Scan, at: number, table = -1): number {
  const { source } = scan;
  const start = skipAny(source, at, ["as"]);
  const kind = source.tokens.kindAt(start);
  const word = source.words[start] ?? "";
  if ((kind !== "word" && kind !== "quoted-identifier") || (word !== "" && isReserved(word, source.dialect)))
    return start;
  if (source.dialect === "postgresql" && ["set", "values", "loop"].includes(word)) return start;
  // GROUP or ORDER is missing before it.
  if (source.refused && word === "by") return start;
  if (isWindow(source, start) || (start === at && beginsUnparted(source, start))) return start;
  const frame = frameOf(scan);
  const alias = readAnyName(source, start);
  if (alias === null || alias.parts.length > 1) return start;
  frame.aliases ??= new Map();
  frame.aliases.set(lookupKey(scan, lastPart(alias).name), table);
  frame.alias = start === at ? alias : null;
  if (source.refused) rememberAlias(scan, alias, table);
  frame.expectsItem = lacksJoin(scan, frame, alias.next);
  return alias.next;
}

/** A table may also be called as its own schema. */
function rememberAlias({ found }: Scan, alias: Name, table: number): void {
  const { name } = lastPart(alias);
  if (found.tables[table]?.schema === name) return;
  found.aliases ??= new Set();
  found.aliases.add(name);
}

/** Another name can't follow an alias but after a JOIN or a comma that is missing. */
function lacksJoin(scan: Scan, frame: Frame, at: number): boolean {
  const { source } = scan;
  if (source.words[at] === "with" || beginsUnparted(source, at)) return false;
  const name = readName(source, at);
  if (name === null || isOperand(source, name)) return false;
  return !frame.aliases?.has(lookupKey(scan, name.parts[0]?.name ?? ""));
}

/** Whether an operator follows, so that the name is a column's: `from orders wher id = 1`. */
function isOperand({ words }: Source, name: Name): boolean {
  const after = words[name.next] ?? "";
  return /^[-=<>+*/|:~!%^&#@?]/.test(after) || comparisons.has(after);
}

const comparisons: ReadonlySet<string> = new Set("is in like ilike similar between not isnull notnull".split(" "));

/** SQL Server: WINDOW is no reserved word, but what follows it tells. */
export function isWindow(source: Source, at: number): boolean {
  return source.words[at] === "window" && follows(source, at + 2, "as", "(");
}
