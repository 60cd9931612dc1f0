import type { Dialect } from "../dialect";
import type { ObjectKind } from "../facts";
import type { Source } from "./source";

/** What CREATE, ALTER, DROP, COMMENT ON and GRANT ON can be about. */
export interface Kind {
  /** The words of the command, such as `materialized view`. */
  readonly phrase: string;
  readonly names:
    | "table"
    | "on table"
    | "column"
    | "schema"
    | "nothing"
    | Exclude<ObjectKind, "schema" | "trigger" | "constraint">;
  readonly next: number;
}

/** Reads the kind of object that a command is about, the longest phrase that stands here; null where none does. */
export function readKind(source: Source, at: number): Kind | null {
  const kinds = source.dialect === "postgresql" ? postgresKinds : sqlServerKinds;
  for (const { phrase, words, names } of kinds.get(source.words[at] ?? "") ?? [])
    if (words.every((word, n) => source.words[at + n] === word)) return { phrase, names, next: at + words.length };
  return null;
}

interface Phrase extends Pick<Kind, "phrase" | "names"> {
  readonly words: readonly string[];
}

/** By their first words, the longest first. */
function kindMap(kinds: Readonly<Partial<Record<Kind["names"], string>>>): ReadonlyMap<string, readonly Phrase[]> {
  const entries = Object.entries(kinds) as [Kind["names"], string][];
  const all = entries.flatMap(([names, phrases]) =>
    phrases.split(/,\s*/).map((phrase) => ({ phrase, names, words: phrase.split(" ") })),
  );
  const byFirst = new Map<string, Phrase[]>();
  for (const phrase of all.sort((a, b) => b.words.length - a.words.length)) {
    const [first = ""] = phrase.words;
    byFirst.set(first, [...(byFirst.get(first) ?? []), phrase]);
  }
  return byFirst;
}

const postgresKinds = kindMap({
  table: "table, view, materialized view, foreign table",
  "on table": "trigger, rule, policy, constraint",
  column: "column",
  schema: "schema",
  index: "index",
  sequence: "sequence",
  type: "type, domain",
  function: "function, procedure, routine, aggregate",
  other:
    "statistics, collation, conversion, operator, operator class, operator family, text search configuration, text search dictionary, text search parser, text search template",
  nothing:
    "extension, role, user, group, database, tablespace, server, foreign data wrapper, foreign server, user mapping, language, event trigger, access method, publication, subscription, cast, transform, large object, parameter, default privileges, system, owned",
});

const sqlServerKinds = kindMap({
  table: "table, view, external table, materialized view",
  "on table":
    "index, trigger, fulltext index, spatial index, xml index, selective xml index, json index, vector index, statistics",
  schema: "schema",
  sequence: "sequence",
  type: "type",
  function: "function, procedure, proc, aggregate",
  other: "synonym, rule, default, queue, xml schema collection, security policy, service",
  nothing:
    "user, login, role, application role, server role, database, certificate, symmetric key, asymmetric key, master key, credential, assembly, contract, message type, endpoint, event notification, event session, partition function, partition scheme, fulltext catalog, fulltext stoplist, route, workload group, server audit, database audit specification, database audit, column master key, column encryption key, external data source, external file format, database scoped",
});

/** The command's tag, as the server reports it, for an object of this kind. */
export function tagOf(verb: string, kind: Kind | null): string {
  const phrase = kind?.phrase === "proc" ? "procedure" : kind?.phrase;
  return (phrase === undefined ? verb : `${verb} ${phrase}`).toUpperCase();
}

/** The words that may stand between CREATE and the kind of object. */
export function createModifiers(dialect: Dialect): readonly string[] {
  return dialect === "postgresql" ? postgresModifiers : sqlServerModifiers;
}

const postgresModifiers =
  "or replace global local temp temporary unlogged recursive unique trusted procedural constraint default".split(" ");

const sqlServerModifiers = "or alter unique clustered nonclustered columnstore primary".split(" ");
