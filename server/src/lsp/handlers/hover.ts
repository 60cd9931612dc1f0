import { resolve } from "node:path";
import type { Hover, HoverParams } from "vscode-languageserver/node";
import { describeTable, type TableDescription } from "../../app/describe";
import { lineIndex } from "../../sql/lineIndex";
import type { Context } from "../context";
import { toPath, toProjectPath, toRange, toUri } from "../convert";

/** Where a table's name leads, and which migration makes it. */
export async function hover(
  { documents, workspace }: Context,
  { textDocument: { uri }, position }: HoverParams,
): Promise<Hover | null> {
  const document = documents.get(uri);
  const path = toPath(uri);
  if (!document || path === null) return null;
  const { root, project } = await workspace.projectOf(path);
  const inProject = toProjectPath(root, path);
  if (project === null || inProject === null) return null;
  const text = document.getText();
  const lines = lineIndex(text);
  const found = await describeTable(project, inProject, text, lines.offsetAt(position));
  if (!found) return null;
  return { range: toRange(lines, found), contents: { kind: "markdown", value: sentences(found, root).join("\n\n") } };
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
