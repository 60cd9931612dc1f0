import type { Found } from "./state";

/**
 * Where a word or a comma is missing, a column may look like a table. One that begins with what a FROM list of the statement calls its item
 * (`select o.id o.total from orders o`) is none.
 */
export function leaveOutColumns({ aliases, tables, schemas }: Found): void {
  if (aliases === null) return;
  for (let at = tables.length - 1; at >= 0; at--) {
    const { schema, schemaSpan, use } = tables[at] ?? {};
    if (use !== "read" || !schema || !aliases.has(schema)) continue;
    tables.splice(at, 1);
    const mention = schemas.findLastIndex(({ start }) => start === schemaSpan?.start);
    if (mention >= 0) schemas.splice(mention, 1);
  }
}
