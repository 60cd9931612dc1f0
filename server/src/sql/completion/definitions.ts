import type { Dialect } from "../dialect";
import { createModifiers, readKind } from "../scan/kinds";
import { skipAny, skipGroup } from "../scan/source";
import { frameOf, type Reader, set } from "./reader";

/** Whether a word begins a statement about objects as a whole. */
export function isDefinition(word: string, dialect: Dialect): boolean {
  return Object.hasOwn(readers, word) && (dialect === "postgresql" || !postgresOnly.has(word));
}

/** Reads the first words of a statement about objects as a whole. @returns the index after them */
export function definition(reader: Reader, at: number, word: string): number {
  reader.head = word;
  return readers[word]?.(reader, at + 1) ?? at + 1;
}

const postgresOnly: ReadonlySet<string> = new Set(
  "comment lock copy vacuum analyze analyse cluster reindex refresh table".split(" "),
);

const readers: Readonly<Record<string, (reader: Reader, at: number) => number>> = {
  create(reader, at) {
    const { source } = reader;
    const kind = readKind(source, skipAny(source, at, createModifiers(source.dialect)));
    const frame = frameOf(reader);
    reader.object = kind?.phrase ?? "";
    frame.role = "target";
    set(frame, "none", kind?.names === "table" ? "name" : "nothing");
    return kind?.next ?? at;
  },
  alter(reader, at) {
    const kind = readKind(reader.source, at);
    const frame = frameOf(reader);
    reader.object = kind?.phrase ?? "";
    frame.role = "target";
    const isOwnTable = kind?.names === "table";
    // What is altered first is the table; of SQL Server's views and modules only the text after AS matters.
    set(frame, "none", isOwnTable ? "table" : "nothing");
    if (kind?.names === "table" && kind.phrase !== "table" && kind.phrase !== "foreign table") frame.role = "source";
    return kind?.next ?? at;
  },
  drop(reader, at) {
    const kind = readKind(reader.source, at);
    const frame = frameOf(reader);
    reader.object = kind?.phrase ?? "";
    if (kind?.names === "table") set(frame, "tables", "table");
    else set(frame, "none", "nothing");
    return kind?.next ?? at;
  },
  comment: quiet,
  grant: quiet,
  revoke: quiet,
  deny: quiet,
  truncate: listed,
  lock: listed,
  vacuum: upkeep,
  analyze: upkeep,
  analyse: upkeep,
  cluster: upkeep,
  refresh: upkeep,
  reindex: upkeep,
  copy(reader, at) {
    const frame = frameOf(reader);
    frame.role = "target";
    set(frame, "none", "table");
    return at;
  },
  table(reader, at) {
    set(frameOf(reader), "tables", "table");
    return at;
  },
};

function quiet(reader: Reader, at: number): number {
  set(frameOf(reader), "none", "nothing");
  return at;
}

function listed(reader: Reader, at: number): number {
  set(frameOf(reader), "tables", "table");
  return skipAny(reader.source, at, ["table"]);
}

function upkeep(reader: Reader, at: number): number {
  const { source } = reader;
  const options = ["full", "freeze", "verbose", "analyze", "analyse"];
  const start = skipAny(source, skipAny(source, skipGroup(source, at), options), ["table", "materialized", "view"]);
  const isOther = reader.head === "reindex" && source.words[start - 1] !== "table";
  const frame = frameOf(reader);
  frame.role = "target";
  set(frame, "tables", isOther ? "nothing" : "table");
  return start;
}
