import type { Dialect } from "./dialect";
import type { Span } from "./span";
import type { Outline } from "./structureOutline";
import type { Token } from "./token";

/** A part of a statement, without parts of its own. */
export type Found = Omit<Outline, "children">;

type Item = readonly Token[];

/** The columns and constraints of a table's list. */
export function tableItems(text: string, items: readonly Item[], dialect: Dialect): Found[] {
  return items.flatMap((item) => constraintIn(text, item, dialect) ?? columnIn(text, item) ?? []);
}

/** What ALTER TABLE does, one part an action. */
export function tableActions(text: string, items: readonly Item[], dialect: Dialect): Found[] {
  let verb = "";
  return items.flatMap((item) => {
    const words = wordsOf(text, item);
    const said = actionWords.exec(words.slice(0, 6).join(" "))?.[0].trim();
    // T-SQL says ADD once for all that is added.
    if (said !== undefined) verb = said;
    else if (dialect !== "sqlserver" || verb === "") return [];
    const rest = item.slice(said === undefined ? 0 : said.split(" ").length);
    const isAdding = verb.startsWith("add");
    const constraint = isAdding || verb.endsWith("constraint") ? constraintIn(text, rest, dialect) : null;
    const found = constraint ?? columnIn(text, rest);
    if (found === null) return [];
    const action = verb.replace(/ if(?: not)? exists$/, "");
    const kind = action.endsWith("constraint") ? "constraint" : found.kind;
    return [{ ...found, ...wholeOf(item), kind, detail: `${action} ${isAdding ? found.detail : ""}`.trim() }];
  });
}

const actionWords =
  /^(?:add column|add(?= constraint\b)|add|drop column|drop constraint|drop|alter column|alter constraint|validate constraint|rename column|rename constraint|rename to|with (?:no)?check add|attach partition|detach partition)(?: if not exists| if exists)?(?= |$)/;

function constraintIn(text: string, item: Item, dialect: Dialect): Found | null {
  const words = wordsOf(text, item);
  const isNamed = words[0] === "constraint";
  const at = isNamed ? 2 : 0;
  const what = constraintWords.exec(words.slice(at, at + 2).join(" "))?.[0];
  const isIndex = dialect === "sqlserver" && words[0] === "index";
  if (!isNamed && what === undefined && !isIndex) return null;
  const name = item[isNamed || isIndex ? 1 : 0];
  if (name === undefined) return null;
  const detail = what ?? (isIndex ? "index" : "constraint");
  const shown = isNamed || isIndex ? unquoted(text, name) : detail;
  return { kind: "constraint", name: shown, detail: shown === detail ? "" : detail, ...placed(item, name) };
}

const constraintWords =
  /^(?:primary key|foreign key|unique(?= |$)|check(?= |$)|exclude(?= using| \()|like(?= \S)|period(?= for)|not null$|default(?= |$))/;

function columnIn(text: string, item: Item): Found | null {
  const name = item[0];
  if (name?.kind !== "word" && name?.kind !== "quoted-identifier" && name?.kind !== "template") return null;
  const words = wordsOf(text, item);
  const end = words.findIndex((word, index) => index > 1 && afterType.has(word));
  const type = item.slice(1, end === -1 ? item.length : end);
  const from = type[0]?.start ?? 0;
  const detail = text
    .slice(from, type.at(-1)?.end ?? from)
    .replaceAll(/\s+/g, " ")
    .slice(0, 80);
  return { kind: "column", name: unquoted(text, name), detail, ...placed(item, name) };
}

/** The words that may follow a column's type. */
const afterType = new Set(
  "not null default references primary unique check constraint generated collate identity as deferrable initially storage compression with rowguidcol sparse persisted masked".split(
    " ",
  ),
);

function placed(item: Item, name: Token): Span & { selection: Span } {
  return { ...wholeOf(item), selection: { start: name.start, end: name.end } };
}

function wholeOf(item: Item): Span {
  return { start: item[0]?.start ?? 0, end: item.at(-1)?.end ?? 0 };
}

function wordsOf(text: string, item: Item): string[] {
  return item.map(({ start, end }) => text.slice(start, end).toLowerCase());
}

function unquoted(text: string, { kind, start, end, terminated }: Token): string {
  const written = text.slice(start, end);
  if (kind !== "quoted-identifier" || !terminated) return written;
  return written.slice(1, -1).replaceAll('""', '"').replaceAll("]]", "]") || written;
}
