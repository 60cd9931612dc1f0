/** The two kinds of server whose SQL is read. */
export type Dialect = "postgresql" | "sqlserver";
