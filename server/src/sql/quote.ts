import type { Dialect } from "./dialect";

/**
 * Writes a name as a quoted identifier, whatever it holds.
 * @throws RangeError for a name that no server can hold: an empty one, or one with a NUL character.
 */
export function quoteIdentifier(name: string, dialect: Dialect): string {
  if (name === "") throw new RangeError("An identifier can't be empty.");
  refuseNul(name, "An identifier");
  return dialect === "sqlserver" ? `[${name.replaceAll("]", "]]")}]` : `"${name.replaceAll('"', '""')}"`;
}

/** Writes a text as a string literal. Where parameters can be sent, send those. @throws RangeError for a text with a NUL character. */
export function quoteLiteral(text: string, dialect: Dialect): string {
  refuseNul(text, "A text");
  const doubled = text.replaceAll("'", "''");
  if (dialect === "sqlserver") return `N'${doubled}'`;
  // Says the same whether or not the session takes a backslash in a plain literal for an escape.
  return text.includes("\\") ? `E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}

function refuseNul(text: string, what: string): void {
  if (text.includes("\0")) throw new RangeError(`${what} can't hold a NUL character.`);
}
