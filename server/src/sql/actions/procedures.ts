import type { Action } from "../action";
import { tokensOf } from "../lexer";
import { readLiteral } from "../scan/literal";
import { lastPart, type Name, readName } from "../scan/names";
import { openSource, type Source } from "../scan/source";
import { itemsBetween, qualified, spanOf } from "./reading";

/** Reads a call, from the procedure's name: SQL Server's sp_rename, which renames a table, a column, or something else. */
export function procedureCall(source: Source, from: number, to: number): Action[] {
  const name = readName(source, from);
  if (name === null || lastPart(name).name.toLowerCase() !== "sp_rename") return [];
  const given = new Map<string, number>();
  for (const [order, item] of itemsBetween(source, name.next, to).entries()) {
    const isNamed = source.tokens.kindAt(item.from) === "parameter" && source.words[item.from + 1] === "=";
    const written = source.text
      .slice(source.tokens.get(item.from)?.start, source.tokens.get(item.from)?.end)
      .toLowerCase();
    given.set(isNamed ? written : (parameters[order] ?? ""), isNamed ? item.from + 2 : item.from);
  }
  const place = given.get("@objname") ?? -1;
  const old = nameIn(source, place);
  const renamed = readLiteral(source, given.get("@newname") ?? -1)?.content;
  if (old === null || renamed === undefined) return [];
  const kind = readLiteral(source, given.get("@objtype") ?? -1)?.content.toLowerCase();
  const span = spanOf(source, place, place + 1);
  if (kind === "column") {
    const table = { ...old, parts: old.parts.slice(0, -1) };
    if (table.parts.length === 0) return [];
    return [{ kind: "rename-column", table: qualified(table), column: lastPart(old).name, to: renamed, ...span }];
  }
  if (kind === undefined || kind === "object")
    return [{ kind: "rename", object: "table", name: qualified(old), to: renamed, ...span }];
  return [{ kind: "rename", object: kind, name: qualified(old), to: renamed, ...span }];
}

const parameters = ["@objname", "@newname", "@objtype"];

/** The name that stands in a literal. */
function nameIn(source: Source, at: number): Name | null {
  const content = readLiteral(source, at)?.content;
  if (content === undefined) return null;
  return readName(openSource(content, tokensOf(content, "sqlserver"), "sqlserver"), 0);
}
