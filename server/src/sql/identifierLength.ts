import type { Dialect } from "./dialect";

/** How long a name may be: PostgreSQL counts the bytes of UTF-8, SQL Server UTF-16 code units. */
export const longestIdentifier: Readonly<Record<Dialect, number>> = { postgresql: 63, sqlserver: 128 };

/** The same in words. */
export function lengthText(dialect: Dialect): string {
  return `${longestIdentifier[dialect]} ${dialect === "sqlserver" ? "characters" : "bytes"}`;
}

/** Whether the server keeps less of a name than it has. */
export function isTooLong(name: string, dialect: Dialect): boolean {
  const most = longestIdentifier[dialect];
  if (dialect === "sqlserver") return name.length > most;
  // A character of UTF-16 has three bytes of UTF-8 at most.
  return name.length > most || (name.length * 3 > most && notAscii.test(name) && byteLength(name) > most);
}

/** What the server keeps of a name: PostgreSQL cuts it, SQL Server refuses it as it stands. */
export function keptName(name: string, dialect: Dialect): string {
  return dialect === "postgresql" && isTooLong(name, dialect) ? cutToBytes(name, longestIdentifier.postgresql) : name;
}

/** As much of a name as fits into a number of bytes, no character cut in two. */
export function cutToBytes(name: string, most: number): string {
  let bytes = 0;
  let cut = "";
  for (const character of name) {
    bytes += byteLength(character);
    if (bytes > most) return cut;
    cut += character;
  }
  return cut;
}

/** How many bytes a name has in UTF-8. */
export function byteLength(name: string): number {
  return encoder.encode(name).length;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
const notAscii = /[^\x00-\x7f]/;

const encoder = new TextEncoder();
