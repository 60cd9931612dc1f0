import type { Dialect } from "../sql/dialect";
import type { Scope } from "./migration";

/** The part of a configuration that says how migrations are read; the configuration file's parsed form satisfies it. */
export interface Settings {
  readonly dialect: Dialect;
  readonly publicSchema: string;
  readonly prototypeSchema: string;
  readonly publicTables: readonly string[];
  readonly tenantNames: "qualified" | "search-path";
  readonly order: "interleaved" | "public-first";
}

/**
 * Where a migration means what it makes without a schema. SQL Server makes it in its one default schema, whatever the migration is for; such
 * a migration is refused, and what is said of the statements after that one is said as if it were mended.
 */
export function ownSchema(scope: Scope, { publicSchema, prototypeSchema }: Settings): string {
  return scope === "public" ? publicSchema : prototypeSchema;
}
