/** The two kinds of server whose SQL is read. */
export type Dialect = "postgresql" | "sqlserver";

/** A name as it is compared with others: SQL Server's usual collations don't tell upper from lower case. */
export function foldName(name: string, dialect: Dialect): string {
  return dialect === "sqlserver" ? name.toLowerCase() : name;
}
