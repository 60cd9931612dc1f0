import { join } from "node:path";
import type { Tree } from "web-tree-sitter";
import { masked } from "../mask";
import type { Span } from "../span";
import type { TokenList } from "../tokenList";

/** The grammar that reads a statement's structure, loaded. */
export interface StructureGrammar {
  /** The parts of one statement that a place stands in, outermost first; `text` and `tokens` share their offsets. */
  partsAround(text: string, tokens: TokenList, place: Span): Span[];
}

/** Longer statements are data rather than structure; to read one would keep the editor waiting. */
const longestStructured = 100_000;

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
    partsAround(text, tokens, place) {
      if (text.length > longestStructured) return [];
      const tree = parser.parse(masked(text, tokens));
      if (tree === null) return [];
      try {
        return partsIn(tree, place);
      } finally {
        // The tree lies in the WASM's memory, where nothing is collected.
        tree.delete();
      }
    },
  };
}

/**
 * Goes down by a cursor, since to ask a node for its parent costs as much as it is deep. What the grammar couldn't read says nothing
 * about where the parts of a statement end.
 */
function partsIn(tree: Tree, place: Span): Span[] {
  const spans: Span[] = [];
  const cursor = tree.walk();
  try {
    for (let isThere = true; isThere; ) {
      const { startIndex: start, endIndex: end, nodeType } = cursor;
      if (end < place.end) isThere = cursor.gotoNextSibling();
      else if (start > place.start) break;
      else {
        if (cursor.nodeIsNamed && nodeType !== "ERROR" && end > start) spans.push({ start, end });
        isThere = cursor.gotoFirstChild();
      }
    }
  } finally {
    cursor.delete();
  }
  return spans;
}
