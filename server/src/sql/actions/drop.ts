import type { Action } from "../action";
import { readKind } from "../scan/kinds";
import { lastPart, readName, withoutLast } from "../scan/names";
import type { Source } from "../scan/source";
import { isOnline } from "./elements";
import { cascadeIn, itemsBetween, nameSpan, qualified, skipIfExists } from "./reading";

/** Reads DROP of anything. */
export function drop(source: Source, from: number, to: number): Action[] {
  const kind = readKind(source, from + 1);
  if (kind === null || kind.names === "nothing") return [];
  const concurrently = source.words[kind.next] === "concurrently";
  const named = concurrently ? kind.next + 1 : kind.next;
  const start = skipIfExists(source, named);
  const cascade = cascadeIn(source, start, to);
  return itemsBetween(source, start, to).flatMap((item): Action[] => {
    const name = readName(source, item.from);
    if (name === null) return [];
    const isOnTable = source.dialect === "sqlserver" && kind.phrase === "index";
    // The old way to name an index: `DROP INDEX s.t.ix`.
    const before = isOnTable ? withoutLast(name) : null;
    const own = before === null ? qualified(name) : { schema: null, name: lastPart(name).name };
    const on = source.words[name.next] === "on" ? readName(source, name.next + 1) : before;
    if (kind.phrase === "index") {
      const isOnlineDrop = isOnline(source, name.next, item.to);
      return [
        {
          kind: "drop-index",
          index: own,
          table: on && qualified(on),
          concurrently: concurrently || isOnlineDrop,
          cascade,
          ...nameSpan(source, name),
        },
      ];
    }
    const place = on !== null && kind.names === "on table" ? qualified(on) : own;
    return [
      { kind: "drop", object: kind.phrase, ifExists: start > named, name: place, cascade, ...nameSpan(source, name) },
    ];
  });
}
