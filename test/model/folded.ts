import { openCatalog, type WholeCatalog } from "../../server/src/model/catalog";
import type { Scope } from "../../server/src/model/migration";
import { analyse } from "../../server/src/sql/analyse";

const settings = {
  dialect: "postgresql",
  publicSchema: "public",
  prototypeSchema: "prototype",
  publicTables: [],
  tenantNames: "qualified",
  order: "interleaved",
} as const;

/** What is known after some migrations, one after the other. */
export async function folded(...texts: string[]): Promise<WholeCatalog> {
  return foldedAs("tenant", texts);
}

export async function foldedAs(
  scope: Scope,
  texts: readonly string[],
  dialect: "postgresql" | "sqlserver" = "postgresql",
): Promise<WholeCatalog> {
  const migrations = texts.map(async (text, index) => ({
    path: `${index}.sql`,
    scope,
    up: { start: 0, end: text.length },
    analysis: await analyse(text, dialect),
  }));
  return openCatalog({ ...settings, dialect }).read(await Promise.all(migrations)).end;
}
