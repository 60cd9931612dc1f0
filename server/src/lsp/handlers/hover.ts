import { resolve } from "node:path";
import type { Hover, HoverParams } from "vscode-languageserver/node";
import { describeTable, type TableDescription } from "../../app/describe";
import type { Context } from "../context";
import { toRange, toUri } from "../convert";
import { openDocument } from "../documents";

/** Where a table's name leads, and which migration makes it. */
export async function hover(context: Context, { textDocument: { uri }, position }: HoverParams): Promise<Hover | null> {
  const document = await openDocument(context, uri);
  if (!document?.analysis || document.opened.project === null) return null;
  const { opened, path, lines, analysis } = document;
  const found = await describeTable(document.opened.project, path, analysis, lines.offsetAt(position));
  if (!found) return null;
  return {
    range: toRange(lines, found),
    contents: { kind: "markdown", value: sentences(found, opened.root).join("\n\n") },
  };
}

function sentences({ name, definitions }: TableDescription, root: string): string[] {
  if (definitions.length === 0) return [`No migration makes a table \`${name}\`.`];
  return definitions.map(({ schema, kind, side, file, line }) => {
    const what = `**${schema}.${name}**: ${side === "public" ? "shared" : "tenant"} ${kind}`;
    if (file === null) return `${what}, named in \`publicTables\` of tenantry.json`;
    const target = `${toUri(resolve(root, file))}${line === null ? "" : `#L${line}`}`;
    return `${what}, made by [${file}](${target})`;
  });
}
