import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import type { Mistake } from "./configurationMistakes";

/** JSON with comments as a tree, and what is wrong with its form. */
export function parseJson(text: string): { tree: Node | undefined; mistakes: Mistake[] } {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  if (tree === undefined) {
    return { tree, mistakes: [{ start: 0, end: 0, message: "The file is empty; write at least `{}`, or remove it." }] };
  }
  const mistakes = errors.map(({ error, offset, length }) => {
    const message = sentences[printParseErrorCode(error)] ?? "This is no JSON; see what stands before it.";
    return { start: Math.min(offset, text.length), end: Math.min(offset + length, text.length), message };
  });
  return { tree, mistakes: [...withoutRepetition(mistakes), ...findRepeatedKeys(tree)] };
}

const sentences: Readonly<Record<string, string>> = {
  InvalidSymbol: "This word means nothing here; strings stand in double quotes.",
  InvalidNumberFormat: "This is no number as JSON writes them.",
  PropertyNameExpected: "A name in double quotes should stand here.",
  ValueExpected: "A value is missing here.",
  ColonExpected: 'A colon is missing here, between the name and its value: "name": value.',
  CommaExpected: "A comma is missing here, between this and what stands before it.",
  CloseBraceExpected: "A closing brace `}` is missing here.",
  CloseBracketExpected: "A closing bracket `]` is missing here.",
  EndOfFileExpected: "Nothing may follow the closing brace; remove this.",
  InvalidCommentToken: "This is no comment; write `// …` or `/* … */`.",
  UnexpectedEndOfComment: "This comment is never closed; add `*/`.",
  UnexpectedEndOfString: 'This string is never closed; add `"`.',
  UnexpectedEndOfNumber: "This number breaks off.",
  InvalidUnicode: "After `\\u` four hexadecimal digits must follow.",
  InvalidEscapeCharacter: "This escape is unknown; write `\\\\` for a backslash.",
  InvalidCharacter: "This character may not stand in a string; escape it.",
};

/** The parser tells one fault at one place several times over, each as a consequence of the one before. */
function withoutRepetition(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.filter((mistake, index) => mistakes.findIndex((other) => other.start === mistake.start) === index);
}

function findRepeatedKeys(node: Node): Mistake[] {
  const seen = new Set<string>();
  const mistakes: Mistake[] = [];
  for (const child of node.children ?? []) {
    const key = child.type === "property" ? child.children?.[0] : undefined;
    if (key !== undefined && seen.has(key.value)) {
      mistakes.push({
        start: key.offset,
        end: key.offset + key.length,
        message: `"${key.value}" is given twice; remove one of the two.`,
      });
    }
    if (key !== undefined) seen.add(key.value);
    mistakes.push(...findRepeatedKeys(child));
  }
  return mistakes;
}
