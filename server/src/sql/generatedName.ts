import type { Dialect } from "./dialect";
import { byteLength, cutToBytes, longestIdentifier } from "./identifierLength";

/**
 * The name that PostgreSQL gives to a constraint or index of a table: `orders_plan_id_fkey`. Where it would be too long, the table's part
 * and the columns' are cut off, the longer one first.
 */
export function generatedName(table: string, columns: readonly string[], label: string): string {
  const most = longestIdentifier.postgresql - label.length - 1 - (columns.length > 0 ? 1 : 0);
  const middle = columns.join("_");
  let first = byteLength(table);
  let second = byteLength(middle);
  while (first + second > most) {
    if (first > second) first--;
    else second--;
  }
  const parts = [cutToBytes(table, first), ...(columns.length > 0 ? [cutToBytes(middle, second)] : []), label];
  return parts.join("_");
}

/** What a foreign key is called that isn't given a name: PostgreSQL's own choice; SQL Server's can't be foreseen, and this is a usual one. @param number where the name is taken without one */
export function foreignKeyName(table: string, columns: readonly string[], dialect: Dialect, number = ""): string {
  return dialect === "sqlserver"
    ? `${`FK_${table}_${columns.join("_")}`.slice(0, longestIdentifier.sqlserver - number.length)}${number}`
    : generatedName(table, columns, `fkey${number}`);
}
