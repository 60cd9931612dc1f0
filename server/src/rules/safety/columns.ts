import type { KnownColumn } from "../../model/catalog";
import { ownSchema } from "../../model/settings";
import type { QualifiedName } from "../../sql/facts";
import { definitionsOf } from "../related";
import type { RuleContext } from "../rule";

/** What the migrations before this statement say of a column; null where none makes it. */
export function knownColumn(table: QualifiedName, column: string, context: RuleContext): KnownColumn | null {
  const { catalog, settings, scope } = context;
  // Without a schema, a tenant's statement finds a shared table where the tenant has none of that name.
  const isFound = table.schema === null && scope === "tenant";
  const found = isFound ? definitionsOf(table, context).find((known) => known !== null) : null;
  return catalog.column(found?.schema ?? table.schema ?? ownSchema(scope, settings), table.name, column);
}
