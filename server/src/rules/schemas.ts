import type { NameSpace } from "../model/catalog";
import type { Dialect } from "../sql/dialect";
import type { QualifiedName } from "../sql/facts";
import { quoteIdentifier } from "../sql/quote";
import { sameName } from "../sql/renderText";
import { isReserved } from "../sql/scan/words";
import type { RuleContext } from "./rule";

/** On which side of the boundary a table lies; null where nothing tells. */
export type Side = "public" | "tenant";

/**
 * The side of a name: by its schema, or, where it has none, by the one side that knows it.
 * @param space of tables and views, unless another is asked for
 */
export function sideOf(
  { schema, name }: QualifiedName,
  { settings, catalog, isTenant }: RuleContext,
  space?: NameSpace,
): Side | null {
  if (schema === null) {
    const known = catalog.lookUp(name, space);
    if ((known.public === null) === (known.prototype === null)) return null;
    return known.public === null ? "tenant" : "public";
  }
  const { publicSchema, prototypeSchema, dialect } = settings;
  if (sameName(schema, publicSchema, dialect)) return "public";
  return sameName(schema, prototypeSchema, dialect) || isTenant(schema) ? "tenant" : null;
}

/** A schema as it is written in front of a name: quoted only where it has to be. */
export function writtenSchema(schema: string, { settings: { dialect } }: RuleContext): string {
  return writtenName(schema, dialect);
}

/** A name quoted only where it has to be. */
export function writtenName(name: string, dialect: Dialect): string {
  return isPlainIdentifier(name, dialect) ? name : quoteIdentifier(name, dialect);
}

/** Whether a name reads the same without quotes. */
function isPlainIdentifier(name: string, dialect: Dialect): boolean {
  const plain = dialect === "sqlserver" ? /^[a-z_][a-z0-9_]*$/i : /^[a-z_][a-z0-9_]*$/;
  return plain.test(name) && !isReserved(name.toLowerCase(), dialect);
}

/** What a template, a format string or a client's variable will hold is not known. */
export function isPlaceholder(name: string): boolean {
  return /^[%:$@#]|\$\{|\{\{/.test(name);
}

/** A name for people: `prototype.orders`. */
export function shown({ schema, name }: QualifiedName): string {
  return schema === null ? name : `${schema}.${name}`;
}
