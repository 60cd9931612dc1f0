import type { Action } from "../action";
import { readKind } from "../scan/kinds";
import { readName } from "../scan/names";
import type { Source } from "../scan/source";
import { isOnline } from "./elements";
import { cascadeIn, itemsBetween, nameSpan, qualified, skipIfExists } from "./reading";

/** Reads DROP of anything. */
export function drop(source: Source, from: number, to: number): Action[] {
  const kind = readKind(source, from + 1);
  if (kind === null || kind.names === "nothing") return [];
  const concurrently = source.words[kind.next] === "concurrently";
  const start = skipIfExists(source, concurrently ? kind.next + 1 : kind.next);
  const cascade = cascadeIn(source, start, to);
  return itemsBetween(source, start, to).flatMap((item): Action[] => {
    const name = readName(source, item.from);
    if (name === null) return [];
    const own = qualified(name);
    const on = source.words[name.next] === "on" ? readName(source, name.next + 1) : null;
    if (kind.phrase === "index") {
      const isOnlineDrop = isOnline(source, name.next, item.to);
      return [
        {
          kind: "drop-index",
          index: own,
          table: on && qualified(on),
          concurrently: concurrently || isOnlineDrop,
          cascade,
          ...nameSpan(name),
        },
      ];
    }
    const place = on !== null && kind.names === "on table" ? qualified(on) : own;
    return [{ kind: "drop", object: kind.phrase, name: place, cascade, ...nameSpan(name) }];
  });
}
