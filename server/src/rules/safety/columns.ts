import type { KnownColumn } from "../../model/catalog";
import { ownSchema } from "../../model/settings";
import type { QualifiedName } from "../../sql/facts";
import type { RuleContext } from "../rule";

/** What the migrations before this statement say of a column; null where none makes it. */
export function knownColumn(
  { schema, name }: QualifiedName,
  column: string,
  { catalog, settings, scope }: RuleContext,
): KnownColumn | null {
  return catalog.column(schema ?? ownSchema(scope, settings), name, column);
}
