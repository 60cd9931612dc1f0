import { lex } from "../../sql/lexer";
import { quoteIdentifier } from "../../sql/quote";

/**
 * Whether two bodies say the same, each in its own schema: token by token they are equal, and where the one names its schema the
 * other names its own. What only looks like a schema's name (an alias, a variable) stands in both.
 */
export function sameText(a: string, schemaA: string, b: string, schemaB: string): boolean {
  const left = lex(a, "postgresql");
  const right = lex(b, "postgresql");
  return (
    left.length === right.length &&
    left.every((token, index) => {
      const other = right[index];
      if (other === undefined) return false;
      const textA = a.slice(token.start, token.end);
      const textB = b.slice(other.start, other.end);
      const swaps = swapped(textA, schemaA, schemaB);
      if (swaps === null) return textA === textB;
      return swaps.has(textB) || (textA === textB && (token.kind === "comment" || isValue(textA, schemaA)));
    })
  );
}

/** What a token may be where the one schema's name stands in the place of the other's; null where it holds no such name. */
function swapped(text: string, from: string, to: string): ReadonlySet<string> | null {
  const ways = [to, quoteIdentifier(to, "postgresql")];
  if (text.toLowerCase() === from) return new Set(ways);
  const name = [quoteIdentifier(from, "postgresql"), from].find((written) => text.includes(written));
  if (name === undefined) return null;
  return new Set(
    ways.flatMap((way) => [way, way.replaceAll("'", "''")].map((written) => text.replaceAll(name, written))),
  );
}

/** A literal with the schema's name in it that isn't read as one: `'a prototype'`. */
function isValue(text: string, schema: string): boolean {
  return text.startsWith("'") && !text.includes(`${schema}.`) && !text.includes(`${schema}".`);
}
