import type { SlicedText } from "../sql/editedText";
import type { Span } from "../sql/span";
import type { Token } from "../sql/token";

/**
 * What another tool would do with a file and we don't, at the comment that asks for it; null where there is no such comment.
 * @param runEnd where the part ends that is run
 */
export function foreignMarker(
  text: SlicedText,
  tokens: readonly Token[],
  runEnd = text.length,
): (Span & { message: string }) | null {
  for (const { kind, start, end } of tokens) {
    if (kind !== "comment" || end > runEnd) continue;
    const comment = text.slice(start, end).trimEnd();
    const tool = downMarkers.find(([, marker]) => marker.test(comment))?.[0];
    if (tool !== undefined && holdsCode(text.slice(end, runEnd))) return { start, end, message: wayDownMessage(tool) };
    if (substitution.test(comment) && variable.test(text.slice(end, runEnd)))
      return { start, end, message: variablesMessage };
  }
  return null;
}

/** How tools whose sections aren't read begin the way down, in a comment that says nothing else. */
const downMarkers: readonly (readonly [tool: string, marker: RegExp])[] = [
  ["node-pg-migrate", /^--[\s-]*down\s+migration[\s:-]*$/i],
  ["sql-migrate", /^--\s*\+migrate\s+down\b/i],
  ["tern", /^----\s*create above \/ drop below\s*----$/i],
  ["MyBatis Migrations", /^--\s*\/\/\s*@undo\b/i],
];

const wayDownMessage = (tool: string) =>
  `What stands below this line would be run too, right after what stands above it: the sections of ${tool} aren't read. ` +
  "Divide the file by `-- migrate:up` and `-- migrate:down`, or take the way down out of it.";

function holdsCode(text: string): boolean {
  return text.replace(/--.*|\/\*[\s\S]*?\*\//g, "").trim() !== "";
}

const substitution = /^--\s*\+goose\s+envsub\s+on$/i;
/** Not the tag of a dollar-quoted string. */
const variable = /\$(?:\{|[a-z_]\w*\b(?!\$))/i;

const variablesMessage =
  "The variables below this line would be run as they stand here: they are filled in by goose alone. Write their values, and take this line out.";
