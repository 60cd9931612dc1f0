import { readLiteral } from "../scan/literal";
import { isLiteral, type Source } from "../scan/source";
import { after, plainName } from "./reading";

/** What the clauses of CREATE or ALTER FUNCTION say. */
export interface FunctionClauses {
  readonly language: string | null;
  readonly securityDefiner: boolean;
  readonly settings: readonly string[];
}

/** Reads a routine's clauses, which stand in any order. */
export function functionClauses(source: Source, from: number, to: number): FunctionClauses {
  let language: string | null = null;
  let securityDefiner = false;
  const settings: string[] = [];
  for (let at = from; at < to; at = after(source, at)) {
    const word = source.words[at];
    if (word === "begin" || word === "return") break;
    if (word === "language") {
      language =
        (readLiteral(source, at + 1)?.content ?? plainName(source, at + 1, to)?.name ?? "").toLowerCase() || null;
    } else if (word === "security") securityDefiner = source.words[at + 1] === "definer";
    else if (word === "set") {
      const setting = plainName(source, at + 1, to);
      if (setting !== null) settings.push(setting.name.toLowerCase());
    }
  }
  return { language, securityDefiner, settings };
}

/** Whether the body is a literal and no SQL of the statement itself. */
export function hasTextBody(source: Source, from: number, to: number): boolean {
  for (let at = from; at < to; at = after(source, at)) {
    if (source.words[at] === "as" && isLiteral(source, at + 1)) return true;
  }
  return false;
}
