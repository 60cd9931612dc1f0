import {
  type CancellationToken,
  type FoldingRange,
  FoldingRangeKind,
  type FoldingRangeParams,
} from "vscode-languageserver/node";
import type { LineIndex } from "../../sql/lineIndex";
import { type PlacedStructure, structuresOf } from "../../sql/structure";
import type { Mark } from "../../sql/structureFolds";
import type { Context } from "../context";
import { quietStatements } from "../quiet";

/** What can be folded, by lines; the largest part where several begin in one line, and no more than the client takes. */
export async function foldingRanges(
  context: Context,
  { textDocument: { uri } }: FoldingRangeParams,
  token: CancellationToken,
): Promise<FoldingRange[]> {
  const document = await quietStatements(context, uri, token);
  if (document === null) return [];
  const { analysis, lines } = document;
  const lineOf = (offset: number) => lines.positionAt(offset).line;
  const structures = structuresOf(analysis);
  const byLine = new Map<number, FoldingRange>();
  for (const range of [...marked(structures, lines), ...structures.flatMap((one) => inside(one, lineOf))]) {
    const known = byLine.get(range.startLine);
    if (range.endLine > range.startLine && range.endLine > (known?.endLine ?? 0)) byLine.set(range.startLine, range);
  }
  const ranges = [...byLine.values()];
  const { foldingRangeLimit } = context.client;
  // Where there are too many, the large ones are of most use.
  const largest = ranges
    .sort((a, b) => b.endLine - b.startLine - (a.endLine - a.startLine))
    .slice(0, foldingRangeLimit);
  return largest.sort((a, b) => a.startLine - b.startLine);
}

function inside({ at, folds }: PlacedStructure, lineOf: (offset: number) => number): FoldingRange[] {
  return folds.map(({ start, end, kind }) => ({
    startLine: lineOf(at + start),
    endLine: lineOf(at + end) - (kind === "enclosed" ? 1 : 0),
    ...(kind === "comment" && { kind: FoldingRangeKind.Comment }),
  }));
}

/** Regions from their comment to the one that ends them, and a migration's sections from theirs to the next. */
function marked(structures: readonly PlacedStructure[], lines: LineIndex): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const regions: number[] = [];
  let section: number | null = null;
  const add = (startLine: number, endLine: number) =>
    ranges.push({ startLine, endLine, kind: FoldingRangeKind.Region });
  const at: Record<Mark["kind"], (line: number) => void> = {
    region: (line) => regions.push(line),
    endregion: (line) => {
      const start = regions.pop();
      if (start !== undefined) add(start, line);
    },
    section: (line) => {
      if (section !== null) add(section, line - 1);
      section = line;
    },
  };
  for (const { at: offset, marks } of structures) {
    for (const { kind, start } of marks) at[kind](lines.positionAt(offset + start).line);
  }
  if (section !== null) add(section, lines.lineCount - 1);
  return ranges;
}
