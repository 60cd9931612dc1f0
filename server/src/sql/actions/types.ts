import type { ColumnType } from "../action";
import type { Dialect } from "../dialect";
import { readAnyName } from "../scan/names";
import { type Source, skipGroup, tokenText } from "../scan/source";
import { itemsBetween, qualified, spanOf } from "./reading";

/** Reads a type where one stands. */
export function readType(source: Source, at: number, to: number): { type: ColumnType; next: number } | null {
  const name = at < to ? readAnyName(source, at) : null;
  if (name === null) return null;
  const { schema, name: first } = qualified(name);
  let written = first.toLowerCase();
  let next = name.next;
  const more = source.tokens.kindAt(at) === "word" && schema === null ? continued.get(written) : undefined;
  if (more?.includes(source.words[next] ?? "")) {
    written += ` ${source.words[next]}`;
    next++;
    if (source.words[next] === "varying") {
      written += " varying";
      next++;
    }
  }
  let args: string[] = [];
  if (source.words[next] === "(") {
    args = argumentsOf(source, next);
    next = skipGroup(source, next);
  }
  if ((written === "timestamp" || written === "time") && source.dialect === "postgresql") {
    if (source.words[next + 1] === "time" && source.words[next + 2] === "zone") {
      if (source.words[next] === "with") written += "tz";
      if (source.words[next] === "with" || source.words[next] === "without") next += 3;
    }
  }
  if (written === "interval") while (intervalWords.has(source.words[next] ?? "")) next = skipGroup(source, next + 1);
  const array = source.words[next] === "[" || source.words[next] === "array";
  while (source.words[next] === "array" || source.words[next] === "[") {
    while (source.words[next] === "[") {
      while (next < to && source.words[next] !== "]") next++;
      next = Math.min(next + 1, to);
    }
    if (source.words[next] === "array") next++;
  }
  const own = schema === null || schema === "pg_catalog" || schema === "sys";
  const isQuoted = source.tokens.kindAt(name.next - 1) === "quoted-identifier";
  const short = own && !isQuoted ? shortened(written, args, source.dialect) : { name: first, arguments: args };
  // Objects put together of others are of a class of their own each to V8, which takes several times the memory.
  const { start, end } = spanOf(source, at, next);
  const type = { start, end, schema: own ? null : schema, name: short.name, arguments: short.arguments, array };
  return { type, next };
}

/** A type by its shortest name, and with the length that it has where none is written. */
function shortened(written: string, args: string[], dialect: Dialect): { name: string; arguments: string[] } {
  const name = aliases[dialect].get(written) ?? written;
  if (dialect === "sqlserver") return { name, arguments: args };
  if (written === "float") return { name: Number(args[0] ?? 53) < 25 ? "real" : "double precision", arguments: [] };
  if (written === "bpchar") return args.length === 0 ? { name, arguments: args } : { name: "char", arguments: args };
  if ((name === "char" || name === "bit") && args.length === 0) return { name, arguments: ["1"] };
  return { name, arguments: args };
}

function argumentsOf(source: Source, open: number): string[] {
  const close = Math.min(source.closing[open] ?? open, source.tokens.length);
  return itemsBetween(source, open + 1, close).map(({ from, to }) => {
    let written = "";
    for (let at = from; at < to; at++) written += tokenText(source, at);
    return written.toLowerCase();
  });
}

/** Types of several words: what may follow the first. */
const continued: ReadonlyMap<string, readonly string[]> = new Map([
  ["double", ["precision"]],
  ["character", ["varying"]],
  ["char", ["varying"]],
  ["national", ["character", "char", "text"]],
  ["nchar", ["varying"]],
  ["bit", ["varying"]],
  ["binary", ["varying"]],
]);

const intervalWords: ReadonlySet<string> = new Set(["year", "month", "day", "hour", "minute", "second", "to"]);

const aliases = {
  postgresql: new Map([
    ["int", "integer"],
    ["int4", "integer"],
    ["int8", "bigint"],
    ["int2", "smallint"],
    ["serial4", "serial"],
    ["serial8", "bigserial"],
    ["serial2", "smallserial"],
    ["character varying", "varchar"],
    ["char varying", "varchar"],
    ["national character varying", "varchar"],
    ["national char varying", "varchar"],
    ["nchar varying", "varchar"],
    ["character", "char"],
    ["national character", "char"],
    ["national char", "char"],
    ["nchar", "char"],
    ["decimal", "numeric"],
    ["dec", "numeric"],
    ["float8", "double precision"],
    ["float4", "real"],
    ["bool", "boolean"],
    ["bit varying", "varbit"],
  ]),
  sqlserver: new Map([
    ["integer", "int"],
    ["character varying", "varchar"],
    ["char varying", "varchar"],
    ["national character varying", "nvarchar"],
    ["national char varying", "nvarchar"],
    ["nchar varying", "nvarchar"],
    ["national text", "ntext"],
    ["character", "char"],
    ["national character", "nchar"],
    ["national char", "nchar"],
    ["decimal", "numeric"],
    ["dec", "numeric"],
    ["double precision", "float"],
    ["binary varying", "varbinary"],
    ["rowversion", "timestamp"],
  ]),
} as const;
