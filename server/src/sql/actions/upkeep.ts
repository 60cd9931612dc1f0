import type { Action } from "../action";
import { readName } from "../scan/names";
import { type Source, skipAny, skipGroup, skipWords } from "../scan/source";
import { findWords, itemsBetween, nameSpan, qualified, spanOf, tableName } from "./reading";

/** Reads what locks tables or puts them in order; nothing for any other statement. */
export function upkeep(source: Source, from: number, to: number): Action[] {
  if (source.dialect === "sqlserver") return [];
  switch (source.words[from]) {
    case "lock":
      return locked(source, from, to);
    case "cluster": {
      const name = readName(source, skipWords(source, skipGroup(source, from + 1), "verbose"));
      return [
        {
          kind: "cluster",
          table: name && qualified(name),
          ...(name ? nameSpan(source, name) : spanOf(source, from, from + 1)),
        },
      ];
    }
    case "vacuum":
      return vacuumed(source, from, to);
    case "reindex":
      return reindexed(source, from, to);
    case "refresh": {
      const concurrently = source.words[from + 3] === "concurrently";
      const name = readName(source, concurrently ? from + 4 : from + 3);
      return name === null ? [] : [{ kind: "refresh", view: qualified(name), concurrently, ...nameSpan(source, name) }];
    }
    default:
      return [];
  }
}

function locked(source: Source, from: number, to: number): Action[] {
  const start = skipWords(source, from + 1, "table");
  const mode = findWords(source, start, to, "in");
  const end = mode < 0 ? findEnd(source, start, to) : mode;
  const words = mode < 0 ? ["access", "exclusive"] : source.words.slice(mode + 1, findEnd(source, mode, to));
  const said = words
    .filter((word) => word !== "mode")
    .join(" ")
    .toUpperCase();
  return itemsBetween(source, start, end).flatMap((item): Action[] => {
    const named = tableName(source, item.from);
    return named === null
      ? []
      : [{ kind: "lock-table", table: qualified(named.name), mode: said, ...nameSpan(source, named.name) }];
  });
}

function findEnd(source: Source, from: number, to: number): number {
  const nowait = findWords(source, from, to, "nowait");
  return nowait < 0 ? to : nowait;
}

function vacuumed(source: Source, from: number, to: number): Action[] {
  const options = source.words[from + 1] === "(" ? skipGroup(source, from + 1) : from + 1;
  const names = skipAny(source, options, ["full", "freeze", "verbose", "analyze"]);
  if (!source.words.slice(from, names).includes("full")) return [];
  const tables = itemsBetween(source, names, to).flatMap(({ from: at }) => tableName(source, at) ?? []);
  if (tables.length === 0) return [{ kind: "vacuum-full", table: null, ...spanOf(source, from, from + 1) }];
  return tables.map(({ name }) => ({ kind: "vacuum-full", table: qualified(name), ...nameSpan(source, name) }));
}

function reindexed(source: Source, from: number, to: number): Action[] {
  const object = skipGroup(source, from + 1);
  const isOption = source.words.slice(from + 1, object).includes("concurrently");
  const concurrently = isOption || source.words[object + 1] === "concurrently";
  const name = readName(source, skipWords(source, object + 1, "concurrently"));
  if (object >= to) return [];
  return [
    {
      kind: "reindex",
      object: source.words[object] ?? "",
      name: name && qualified(name),
      concurrently,
      ...(name ? nameSpan(source, name) : spanOf(source, from, from + 1)),
    },
  ];
}
