import { openAnalysis } from "../../server/src/sql/analyse";
import type { Dialect } from "../../server/src/sql/dialect";
import { loadStructureGrammar } from "../../server/src/sql/grammar/treeSitter";
import { structuresOf } from "../../server/src/sql/structure";
import type { Outline } from "../../server/src/sql/structureOutline";
import { selectionAt } from "../../server/src/sql/structureSelection";

/** A text's outline as lines of `kind name: detail`, parts indented, and each name checked to stand at its place. */
export async function outlineText(text: string, dialect: Dialect = "postgresql"): Promise<string[]> {
  const lines: string[] = [];
  const add = (outline: Outline, indent: string) => {
    const { kind, name, detail, children } = outline;
    lines.push(`${indent}${kind} ${name}${detail && `: ${detail}`}`);
    for (const child of children) add(child, `${indent}  `);
  };
  for (const { outline } of structuresOf(await openAnalysis(text, dialect))) for (const one of outline) add(one, "");
  return lines;
}

/** What a selection at the marker grows to, from the smallest part on. */
export async function selectionTexts(marked: string, dialect: Dialect = "postgresql"): Promise<string[]> {
  const offset = marked.indexOf("/*|*/");
  const text = marked.replace("/*|*/", "");
  const spans = selectionAt(await openAnalysis(text, dialect), await loadStructureGrammar(), offset);
  return spans.map(({ start, end }) => text.slice(start, end)).reverse();
}

/** The folds of a text, as what they hold. */
export async function foldTexts(text: string, dialect: Dialect = "postgresql"): Promise<string[]> {
  return structuresOf(await openAnalysis(text, dialect)).flatMap(({ at, folds }) =>
    folds.map(({ start, end, kind }) => `${kind} ${text.slice(at + start, at + end)}`),
  );
}
