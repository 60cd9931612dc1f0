import type { KnownColumn } from "../../model/catalog";
import type { ColumnType } from "../../sql/action";
import type { Dialect } from "../../sql/dialect";

type Type = NonNullable<KnownColumn["type"]>;

/**
 * Whether a column's new type has the server write all rows anew; null where too little is known.
 * @param isOwn whether a type is one that the migrations make and that is stored as no other is: an enum, a composite type, a range
 */
export function rewrites(
  from: Type | null,
  to: Type,
  dialect: Dialect,
  isOwn: (type: Type) => boolean,
): boolean | null {
  if (dialect === "sqlserver") return from === null ? null : serverRewrites(from, to);
  if (from === null) return isBuiltIn(to) && !to.array && unlikeAllOthers.has(to.name) ? true : null;
  const stored = from.schema === null ? serials.get(from.name) : undefined;
  if (stored !== undefined) return rewrites({ ...from, name: stored }, to, dialect, isOwn);
  if (isBuiltIn(from)) return isBuiltIn(to) ? postgresRewrites(from, to) : isOwn(to) || null;
  if (!isOwn(from)) return null;
  if (isBuiltIn(to)) return true;
  return isOwn(to) ? from.name !== to.name || from.array !== to.array : null;
}

function isBuiltIn({ schema, name }: Type): boolean {
  return (schema === null || schema === "pg_catalog") && postgresTypes.has(name);
}

/** SQL Server: whether the values of a column are bound to a length that some may not have. They aren't written anew, but all are read. */
export function shortens(from: Type | null, to: Type, dialect: Dialect): boolean {
  if (dialect !== "sqlserver" || from === null || from.name !== to.name || !varying.test(from.name)) return false;
  const [old, now] = [from.arguments.join(), to.arguments.join()];
  return now !== "max" && (old === "max" || Number(now) < Number(old));
}

/** A type as it is written: `varchar(20)`. */
export function shownType({ schema, name, arguments: args, array }: Type | ColumnType): string {
  const length = args.length === 0 ? "" : `(${args.join(", ")})`;
  return `${schema === null ? "" : `${schema}.`}${name}${length}${array ? "[]" : ""}`;
}

/** PostgreSQL keeps the rows where the stored form is the same, and no length or precision becomes smaller. */
function postgresRewrites(from: Type, to: Type): boolean {
  if (from.array !== to.array) return true;
  // An array is taken apart for whatever its elements need.
  if (from.array)
    return from.name !== to.name || (to.arguments.length > 0 && `${from.arguments}` !== `${to.arguments}`);
  if (from.name === to.name) {
    if (from.name === "numeric") return numericShrinks(from.arguments, to.arguments);
    if (temporal.has(from.name)) return shrinks(from.arguments[0] ?? "6", to.arguments[0] ?? "6");
    if (growing.has(from.name)) return shrinks(from.arguments[0], to.arguments[0]);
    return (from.arguments[0] ?? "1") !== (to.arguments[0] ?? "1") && fixed.has(from.name);
  }
  if (alike.get(from.name)?.includes(to.name)) return to.arguments.length > 0;
  return true;
}

function shrinks(from: string | undefined, to: string | undefined): boolean {
  if (to === undefined) return false;
  return from === undefined || Number(to) < Number(from);
}

/** A longer precision keeps the rows only with the same scale. */
function numericShrinks(from: readonly string[], to: readonly string[]): boolean {
  if (to.length === 0) return false;
  if (from.length === 0) return true;
  return Number(to[0]) < Number(from[0]) || Number(to[1] ?? 0) !== Number(from[1] ?? 0);
}

/** Types whose length may grow freely; without one there is no bound. */
const growing: ReadonlySet<string> = new Set(["varchar", "varbit"]);

/** Types of at most six digits of a second, which is what they have where nothing is said. */
const temporal: ReadonlySet<string> = new Set(["timestamp", "timestamptz", "time", "timetz", "interval"]);

/** Types whose values are as long as the type says; without a length it is 1. */
const fixed: ReadonlySet<string> = new Set(["char", "bit"]);

/** Types whose stored form another type takes as it is. */
const alike: ReadonlyMap<string, readonly string[]> = new Map([
  ["varchar", ["text"]],
  ["text", ["varchar"]],
  ["cidr", ["inet"]],
  ["xml", ["text", "varchar"]],
]);

/** Types that hardly any other column turns into without its rows being written anew, whatever it was. */
const unlikeAllOthers: ReadonlySet<string> = new Set([
  "smallint",
  "integer",
  "bigint",
  "real",
  "double precision",
  "boolean",
  "uuid",
  "date",
  "json",
  "jsonb",
]);

/** What a column that numbers its rows is. */
const serials: ReadonlyMap<string, string> = new Map([
  ["serial", "integer"],
  ["bigserial", "bigint"],
  ["smallserial", "smallint"],
]);

const postgresTypes: ReadonlySet<string> = new Set([
  ...unlikeAllOthers,
  ...growing,
  ...temporal,
  ...fixed,
  "text",
  "numeric",
  "bytea",
  "money",
  "cidr",
  "inet",
  "macaddr",
  "xml",
  "tsvector",
]);

/** SQL Server only notes the new type where a value of varying length may be longer. */
function serverRewrites(from: Type, to: Type): boolean | null {
  if (from.name !== to.name) return from.schema === null && to.schema === null ? true : null;
  const [old, now] = [from.arguments.join(), to.arguments.join()];
  if (old === now) return false;
  if (!varying.test(from.name)) return true;
  // Between a length and MAX it depends on what the rows hold.
  if (old === "max" || now === "max") return null;
  return Number(now) < Number(old) ? null : false;
}

const varying = /^(?:n?varchar|varbinary)$/;
