import { resolve } from "node:path";
import type { Hover, HoverParams, MarkupKind } from "vscode-languageserver/node";
import { describeTable, type TableDescription } from "../../app/describe";
import type { Context } from "../context";
import { toRange, toUri } from "../convert";
import { openDocument } from "../documents";

/** Where a table's name leads, and which migration makes it. */
export async function hover(context: Context, { textDocument: { uri }, position }: HoverParams): Promise<Hover | null> {
  const { hoverFormat } = context.client;
  const document = await openDocument(context, uri);
  if (!document?.analysis || document.opened.project === null) return null;
  const { opened, path, lines, analysis } = document;
  const found = await describeTable(document.opened.project, path, analysis, lines.offsetAt(position));
  if (!found) return null;
  return {
    range: toRange(lines, found),
    contents: { kind: hoverFormat, value: sentences(found, opened.root, markups[hoverFormat]).join("\n\n") },
  };
}

function sentences({ name, definitions }: TableDescription, root: string, { strong, code, link }: Markup): string[] {
  if (definitions.length === 0) return [`No migration makes a table ${code(name)}.`];
  return definitions.map(({ schema, kind, side, file, line }) => {
    const what = `${strong(`${schema}.${name}`)}: ${side === "public" ? "shared" : "tenant"} ${kind}`;
    if (file === null) return `${what}, named in ${code("publicTables")} of tenantry.json`;
    return `${what}, made by ${link(file, toUri(resolve(root, file)), line)}`;
  });
}

/** How parts of a sentence are set off in what a client can show. */
interface Markup {
  strong(text: string): string;
  code(text: string): string;
  link(text: string, uri: string, line: number | null): string;
}

const markups: Record<MarkupKind, Markup> = {
  markdown: {
    strong: (text) => `**${text}**`,
    code: (text) => `\`${text}\``,
    link: (text, uri, line) => `[${text}](${uri}${line === null ? "" : `#L${line}`})`,
  },
  plaintext: {
    strong: (text) => text,
    code: (text) => text,
    link: (text, _, line) => (line === null ? text : `${text}:${line}`),
  },
};
