import type { SelectionRange, SelectionRangeParams } from "vscode-languageserver/node";
import { loadStructureGrammar } from "../../sql/grammar/treeSitter";
import { selectionAt } from "../../sql/structureSelection";
import type { Context } from "../context";
import { toRange } from "../convert";
import { documentStatements } from "../documents";

/** What a selection grows to: word, item, parentheses, clause, statement, file. */
export async function selectionRanges(
  context: Context,
  { textDocument: { uri }, positions }: SelectionRangeParams,
): Promise<SelectionRange[] | null> {
  const grammar = await loadStructureGrammar();
  const document = await documentStatements(context, uri);
  if (document === null) return null;
  const { analysis, lines } = document;
  return positions.map((position) => {
    const [whole, ...inner] = selectionAt(analysis, grammar, lines.offsetAt(position));
    const outermost: SelectionRange = { range: toRange(lines, whole ?? { start: 0, end: 0 }) };
    return inner.reduce((parent, span): SelectionRange => ({ range: toRange(lines, span), parent }), outermost);
  });
}
