import { findNodeAtLocation } from "jsonc-parser";
import { lineIndex } from "../sql/lineIndex";
import { readTextFile } from "./files";
import { parseJson } from "./jsonc";
import type { Project } from "./project";

/** Where a setting's value stands in the project's configuration file, line and column from 1; null where it isn't written. */
export async function settingPlace(
  { configurationPath }: Project,
  setting: readonly string[],
): Promise<{ file: string; line: number; column: number } | null> {
  if (configurationPath === null) return null;
  const read = await readTextFile(configurationPath);
  if ("problem" in read) return null;
  const { tree } = parseJson(read.text);
  const node = tree === undefined ? undefined : findNodeAtLocation(tree, [...setting]);
  if (node === undefined) return null;
  const { line, character } = lineIndex(read.text).positionAt(node.offset);
  return { file: configurationPath, line: line + 1, column: character + 1 };
}
