import type { SlicedText } from "../sql/editedText";
import type { Span } from "../sql/span";
import type { Token } from "../sql/token";
import type { Scope } from "./migration";
import { nearest } from "./nearest";

/** A `-- tenantry: …` comment; its span is the directive's text, from `tenantry:` to the line's end. */
export type Directive = Span &
  (
    | { readonly kind: "scope"; readonly scope: Scope }
    | { readonly kind: "no-transaction" }
    | {
        readonly kind: "ignore";
        readonly rules: readonly (Span & { readonly id: string })[];
        readonly reason: string | null;
        readonly wholeFile: boolean;
      }
    | { readonly kind: "unknown"; readonly message: string }
  );

/** Reads the directives of a file. @param tokens of the whole text. */
export function parseDirectives(text: SlicedText, tokens: readonly Token[]): Directive[] {
  const directives: Directive[] = [];
  let inHead = true;
  for (const token of tokens) {
    if (token.kind === "space") continue;
    if (token.kind !== "comment") {
      inHead = false;
      continue;
    }
    const start = directiveStart(text, token);
    if (start === null) continue;
    const span = { start, end: start + text.slice(start, token.end).trimEnd().length };
    const scopeGiven = directives.some((directive) => directive.kind === "scope");
    directives.push({ ...span, ...parseDirective(text, span, inHead, scopeGiven) });
  }
  return directives;
}

function directiveStart(text: SlicedText, token: Token): number | null {
  const match = /^--\s*(?=tenantry:)/.exec(text.slice(token.start, Math.min(token.end, token.start + 200)));
  return match === null ? null : token.start + match[0].length;
}

/** What a directive is made of; of an `ignore` the reason is free. */
export type DirectivePart = "keyword" | "scope" | "rule";

/** The part of a directive that is being typed at an offset, and its place; null where nothing certain is expected. */
export function directivePartAt(text: string, comment: Token, offset: number): (Span & { part: DirectivePart }) | null {
  const start = directiveStart(text, comment);
  if (start === null || offset < start + "tenantry:".length) return null;
  const typed = text.slice(start + "tenantry:".length, offset);
  const rest = /^[\w-]*/.exec(text.slice(offset, comment.end))?.[0].length ?? 0;
  for (const [part, pattern] of parts) {
    const word = pattern.exec(typed)?.[1];
    if (word !== undefined) return { part, start: offset - word.length, end: offset + rest };
  }
  return null;
}

const parts: readonly (readonly [DirectivePart, RegExp])[] = [
  ["keyword", /^\s*([\w-]*)$/],
  ["scope", /^\s*scope\s+([\w-]*)$/],
  ["rule", /^\s*ignore\s+(?:[^:]*,\s*)?([\w-]*)$/],
];

/** The directives by their first words, and the words that may follow `scope`. */
export const directiveWords: Readonly<Record<Exclude<DirectivePart, "rule">, Readonly<Record<string, string>>>> = {
  keyword: {
    scope: "Whom the file is for",
    "no-transaction": "Runs the file's statements outside a transaction",
    ignore: "Leaves out what a rule says, for a reason",
  },
  scope: {
    public: "Runs once, in the shared schema",
    tenant: "Runs for the prototype and every tenant",
  },
};

type Content = Directive extends infer D ? (D extends Span ? Omit<D, keyof Span> : never) : never;

function parseDirective(text: SlicedText, span: Span, inHead: boolean, scopeGiven: boolean): Content {
  const body = text.slice(span.start + "tenantry:".length, span.end);
  const [, keyword = "", rest = ""] = /^\s*([^\s:]*)(.*)$/s.exec(body) ?? [];
  const restStart = span.end - rest.length;
  switch (keyword) {
    case "scope":
      return parseScope(rest.trim(), inHead, scopeGiven);
    case "no-transaction":
      return rest.trim() === "" ? { kind: "no-transaction" } : unknown("`no-transaction` takes nothing after it.");
    case "ignore":
      return parseIgnore(rest, restStart, inHead);
    default:
      return unknown(unknownKeyword(keyword));
  }
}

function parseScope(word: string, inHead: boolean, scopeGiven: boolean): Content {
  if (word !== "public" && word !== "tenant") {
    return unknown(`A scope is \`public\` or \`tenant\`${word === "" ? "" : `, not \`${word}\``}.`);
  }
  if (!inHead) return unknown("The scope is that of the whole file: write it above the first statement.");
  if (scopeGiven) return unknown("The file already has a scope; remove one of the two.");
  return { kind: "scope", scope: word };
}

function parseIgnore(rest: string, start: number, wholeFile: boolean): Content {
  const colon = rest.indexOf(":");
  const list = colon === -1 ? rest : rest.slice(0, colon);
  const reason = colon === -1 ? "" : rest.slice(colon + 1).trim();
  const rules: (Span & { id: string })[] = [];
  for (const match of list.matchAll(/[^,]+/g)) {
    const id = match[0].trim();
    if (id === "") continue;
    if (/\s/.test(id)) {
      return unknown(`Put commas between rule ids and a colon before the reason: \`ignore ${id.split(/\s+/)[0]}: …\`.`);
    }
    const idStart = start + match.index + match[0].indexOf(id);
    rules.push({ id, start: idStart, end: idStart + id.length });
  }
  if (rules.length === 0) return unknown("Say which rule is ignored: `ignore unqualified-table: the reason`.");
  return { kind: "ignore", rules, reason: reason === "" ? null : reason, wholeFile };
}

function unknownKeyword(keyword: string): string {
  const meant = nearest(keyword, Object.keys(directiveWords.keyword));
  if (keyword !== "" && meant !== null) return `Unknown directive \`${keyword}\`. Did you mean \`${meant}\`?`;
  const known = "`scope public`, `scope tenant`, `no-transaction` and `ignore <rule>: <reason>`";
  return keyword === ""
    ? `The directive is missing; there are ${known}.`
    : `Unknown directive \`${keyword}\`; there are ${known}.`;
}

function unknown(message: string): Content {
  return { kind: "unknown", message };
}
