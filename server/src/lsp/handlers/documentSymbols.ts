import {
  type CancellationToken,
  type DocumentSymbol,
  type DocumentSymbolParams,
  type SymbolInformation,
  SymbolKind,
} from "vscode-languageserver/node";
import type { LineIndex, LinePosition } from "../../sql/lineIndex";
import type { Span } from "../../sql/span";
import { structuresOf } from "../../sql/structure";
import type { Outline, OutlineKind } from "../../sql/structureOutline";
import type { Context } from "../context";
import { toRange } from "../convert";
import { quietStatements } from "../quiet";

/** A file's outline: its statements, with the columns, constraints and labels that they hold. */
export async function documentSymbols(
  context: Context,
  { textDocument: { uri } }: DocumentSymbolParams,
  token: CancellationToken,
): Promise<DocumentSymbol[] | SymbolInformation[]> {
  const document = await quietStatements(context, uri, token);
  if (document === null) return [];
  const { analysis, lines } = document;
  const symbols = structuresOf(analysis).flatMap(({ at, outline }) => symbolsOf(lines, outline, at));
  return context.client.nestsSymbols ? symbols : symbols.flatMap((symbol) => unnested(symbol, uri));
}

/** A symbol and those in it one after the other, for a client that knows no others. */
function unnested({ name, kind, range, children = [] }: DocumentSymbol, uri: string): SymbolInformation[] {
  const inside = children.flatMap((child) => unnested(child, uri));
  const own = { name, kind, location: { uri, range } };
  return [own, ...inside.map((one) => ({ containerName: name, ...one }))];
}

/** The outlines of what an edit didn't touch are the same objects, and while they begin at the same place, so are their symbols. */
const known = new WeakMap<readonly Outline[], LinePosition & { readonly symbols: readonly DocumentSymbol[] }>();

function symbolsOf(lines: LineIndex, outline: readonly Outline[], at: number): readonly DocumentSymbol[] {
  const { line, character } = lines.positionAt(at);
  const before = known.get(outline);
  if (before?.line === line && before.character === character) return before.symbols;
  const symbols = outline.map((one) => toSymbol(lines, one, at));
  known.set(outline, { line, character, symbols });
  return symbols;
}

function toSymbol(lines: LineIndex, outline: Outline, at: number): DocumentSymbol {
  const { name, detail, kind, selection, children } = outline;
  const range = ({ start, end }: Span) => toRange(lines, { start: start + at, end: end + at });
  return {
    name,
    ...(detail !== "" && { detail }),
    kind: symbolKinds[kind],
    range: range(outline),
    selectionRange: range(selection),
    ...(children.length > 0 && { children: children.map((child) => toSymbol(lines, child, at)) }),
  };
}

const symbolKinds: Record<OutlineKind, SymbolKind> = {
  table: SymbolKind.Struct,
  column: SymbolKind.Field,
  constraint: SymbolKind.Key,
  view: SymbolKind.Interface,
  function: SymbolKind.Function,
  type: SymbolKind.Enum,
  label: SymbolKind.EnumMember,
  index: SymbolKind.Array,
  trigger: SymbolKind.Event,
  schema: SymbolKind.Namespace,
  sequence: SymbolKind.Number,
  block: SymbolKind.Method,
  other: SymbolKind.Object,
};
