import { isElsewhere } from "../scan/calls";
import { openLiteral, readJoined } from "../scan/literal";
import { lastPart, readName } from "../scan/names";
import type { Source } from "../scan/source";

/** The SQL that EXEC, sp_executesql or PL/pgSQL's EXECUTE runs, where it is written there as a literal and nothing else takes part in it. */
export function executedSource(source: Source, from: number, to: number): Source | null {
  const at = source.dialect === "postgresql" ? from + 1 : textOfCall(source, from + 1);
  const wrapped = source.words[at] === "(";
  const text = readJoined(source, wrapped ? at + 1 : at);
  if (text === null) return null;
  const next = wrapped && source.words[text.next] === ")" ? text.next + 1 : text.next;
  return next >= to || goesOn.has(source.words[next] ?? "") ? openLiteral(source, text.literal) : null;
}

/** What may stand after the text: its arguments, and where its rows go. What runs AT another server does nothing here. */
const goesOn: ReadonlySet<string> = new Set([",", ";", "using", "into", "as", "with"]);

/** The text's place: in parentheses, or as the first argument of sp_executesql, which may be named. */
function textOfCall(source: Source, at: number): number {
  const name = readName(source, at);
  if (name === null || isElsewhere(name) || lastPart(name).name.toLowerCase() !== "sp_executesql") return at;
  const isNamed = source.tokens.kindAt(name.next) === "parameter" && source.words[name.next + 1] === "=";
  return isNamed ? name.next + 2 : name.next;
}
