import { join } from "node:path";
import type { Node } from "web-tree-sitter";
import { masked } from "../mask";
import type { Span } from "../span";
import type { Token } from "../token";

/** The grammar that reads a statement's structure, loaded. */
export interface StructureGrammar {
  /** The parts of one statement that a place stands in, innermost first; `text` and `tokens` share their offsets. */
  partsAround(text: string, tokens: readonly Token[], place: Span): Span[];
}

/** Longer statements are data rather than structure; to read one would keep the editor waiting. */
export const longestStructured = 100_000;

let loading: Promise<StructureGrammar> | undefined;

/** Loads the grammar's WASM, the first time. */
export function loadStructureGrammar(): Promise<StructureGrammar> {
  loading ??= load();
  return loading;
}

async function load(): Promise<StructureGrammar> {
  const { Language, Parser } = await import("web-tree-sitter");
  await Parser.init({ locateFile: () => join(__DIST__, "vendor", "web-tree-sitter.wasm") });
  const parser = new Parser();
  parser.setLanguage(await Language.load(join(__DIST__, "tree-sitter-sql.wasm")));
  return {
    partsAround(text, tokens, { start, end }) {
      if (text.length > longestStructured) return [];
      const tree = parser.parse(masked(text, tokens));
      if (tree === null) return [];
      try {
        return ancestors(tree.rootNode.namedDescendantForIndex(start, end));
      } finally {
        // The tree lies in the WASM's memory, where nothing is collected.
        tree.delete();
      }
    },
  };
}

/** What the grammar couldn't read says nothing about where the parts of a statement end. */
function ancestors(innermost: Node | null): Span[] {
  const spans: Span[] = [];
  for (let node = innermost; node !== null; node = node.parent) {
    if (!node.isError && node.endIndex > node.startIndex) spans.push({ start: node.startIndex, end: node.endIndex });
  }
  return spans;
}
