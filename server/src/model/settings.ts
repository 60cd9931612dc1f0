import type { Dialect } from "../sql/dialect";

/** The part of a configuration that says how migrations are read; the configuration file's parsed form satisfies it. */
export interface Settings {
  readonly dialect: Dialect;
  readonly publicSchema: string;
  readonly prototypeSchema: string;
  readonly publicTables: readonly string[];
  readonly tenantNames: "qualified" | "search-path";
  readonly order: "interleaved" | "public-first";
}
