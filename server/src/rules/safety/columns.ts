import type { KnownColumn } from "../../model/catalog";
import type { QualifiedName } from "../../sql/facts";
import type { RuleContext } from "../rule";

/** What the migrations before this statement say of a column; null where none makes it. */
export function knownColumn(
  { schema, name }: QualifiedName,
  column: string,
  { catalog, settings, scope }: RuleContext,
): KnownColumn | null {
  const { publicSchema, prototypeSchema, dialect } = settings;
  const own = scope === "public" || dialect === "sqlserver" ? publicSchema : prototypeSchema;
  return catalog.column(schema ?? own, name, column);
}
