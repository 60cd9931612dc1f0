import type { Dialect } from "./dialect";
import type { StatementFacts } from "./facts";
import type { Span } from "./span";
import { type Found, tableActions, tableItems } from "./structureItems";
import { itemsIn, itemsOf, listsOf, significant } from "./structureParts";
import type { Token } from "./token";

export type OutlineKind =
  | "table"
  | "column"
  | "constraint"
  | "view"
  | "function"
  | "type"
  | "label"
  | "index"
  | "trigger"
  | "schema"
  | "sequence"
  | "block"
  | "other";

/** A statement, or a part of one, as an outline lists it. `selection` is where its name stands, within its span. */
export interface Outline extends Span {
  readonly kind: OutlineKind;
  readonly name: string;
  readonly detail: string;
  readonly selection: Span;
  readonly children: readonly Outline[];
}

/** @param by what is added to every place: the statement's own start. */
export function outlineOf(
  text: string,
  tokens: readonly Token[],
  facts: StatementFacts,
  dialect: Dialect,
  by: number,
): Outline {
  const parts = significant(tokens);
  const kind = facts.kind.toLowerCase();
  const detail = kind === "unknown" ? text.slice(facts.keyword.start, facts.keyword.end).toLowerCase() : kind;
  const named = nameOf(text, parts, facts);
  const selection = named?.selection ?? facts.keyword;
  const children = named === null ? [] : childrenOf(text, parts, kind, selection.end, dialect);
  return {
    kind: kindOf(kind),
    name: named?.name || detail || "…",
    detail: named === null ? "" : detail,
    start: by,
    end: by + text.length,
    selection: moved(selection, by),
    children: children.map((child) => ({
      ...child,
      start: child.start + by,
      end: child.end + by,
      selection: moved(child.selection, by),
      children: [],
    })),
  };
}

interface Named {
  readonly name: string;
  readonly selection: Span;
}

/** What the statement is about: the first name that it makes or changes, or else the first that it reads. */
function nameOf(text: string, parts: readonly Token[], facts: StatementFacts): Named | null {
  if (facts.kind === "DO") return null;
  // What belongs to a table has a name of its own before that of the table.
  const own = / (?:INDEX|TRIGGER|RULE|POLICY|STATISTICS)$/.test(facts.kind)
    ? writtenName(text, parts, facts.kind)
    : null;
  if (own !== null) return own;
  const byPlace = [...facts.tables, ...facts.objects].sort((a, b) => a.start - b.start);
  const changed = byPlace.find(({ use }) => use !== "read" && use !== "reference");
  const found = changed ?? (/^(?:CREATE|ALTER|DROP) /.test(facts.kind) ? null : byPlace[0]);
  if (found) {
    const { schema, name, start, end } = found;
    return { name: schema === null ? name : `${schema}.${name}`, selection: { start, end } };
  }
  return writtenName(text, parts, facts.kind);
}

/** The name after the command's words, for what is no table's and no object's of a schema: an extension, a temporary table. */
function writtenName(text: string, parts: readonly Token[], kind: string): Named | null {
  if (!/^(?:CREATE|ALTER|DROP) /.test(kind)) return null;
  const words = parts.map(({ start, end }) => text.slice(start, end).toLowerCase());
  const last = kind.slice(kind.lastIndexOf(" ") + 1).toLowerCase();
  let at = words.indexOf(last) + 1;
  while (at > 0 && /^(?:if|not|exists|concurrently|only)$/.test(words[at] ?? "")) at++;
  const token = at > 0 ? parts[at] : undefined;
  if ((token?.kind !== "word" && token?.kind !== "quoted-identifier") || words[at] === "on") return null;
  let end = at;
  while (words[end + 1] === "." && parts[end + 2] !== undefined) end += 2;
  const selection = parts[end] ?? token;
  const name = parts.slice(at, end + 1).map((part) => text.slice(part.start, part.end));
  return { name: name.join(""), selection: { start: selection.start, end: selection.end } };
}

function childrenOf(
  text: string,
  parts: readonly Token[],
  kind: string,
  nameEnd: number,
  dialect: Dialect,
): readonly Found[] {
  const after = parts.findIndex(({ start }) => start >= nameEnd);
  const rest = after === -1 ? [] : parts.slice(after);
  const next = rest[0];
  if (next === undefined) return [];
  if (kind === "alter table") return tableActions(text, itemsOf(text, rest), dialect);
  if (/^create (?:foreign |external )?table$/.test(kind) && text[next.start] === "(") {
    return tableItems(text, listAt(text, rest, 0), dialect);
  }
  if (kind !== "create type") return [];
  const open = rest.findIndex(({ start }) => text[start] === "(");
  const head = rest.slice(0, Math.max(0, open)).map(({ start, end }) => text.slice(start, end).toLowerCase());
  if (head.join(" ") === "as enum") return labels(text, listAt(text, rest, open));
  return head.join(" ") === "as" ? tableItems(text, listAt(text, rest, open), dialect) : [];
}

function listAt(text: string, parts: readonly Token[], open: number): readonly (readonly Token[])[] {
  const list = listsOf(text, parts).find((one) => one.open === open);
  return list ? itemsIn(parts, list) : [];
}

function labels(text: string, items: readonly (readonly Token[])[]): Found[] {
  return items.flatMap(([token]) => {
    if (token?.kind !== "string") return [];
    const { start, end } = token;
    const name = text.slice(start, end).replace(/^[^']*'|'$/g, "") || "''";
    return [{ kind: "label" as const, name, detail: "", start, end, selection: { start, end } }];
  });
}

function moved({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

function kindOf(kind: string): OutlineKind {
  if (kind === "do") return "block";
  if (!/^(?:create|alter|drop|truncate) /.test(kind)) return "other";
  for (const [words, of] of kinds) if (words.test(kind)) return of;
  return "other";
}

const kinds: readonly (readonly [RegExp, OutlineKind])[] = [
  [/ table$/, "table"],
  [/ view$/, "view"],
  [/ (?:function|procedure|routine|aggregate)$/, "function"],
  [/ (?:type|domain)$/, "type"],
  [/ index$/, "index"],
  [/ trigger$/, "trigger"],
  [/ schema$/, "schema"],
  [/ sequence$/, "sequence"],
];
