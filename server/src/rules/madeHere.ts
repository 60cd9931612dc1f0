import type { Definition, Sides } from "../model/catalog";
import { ownSchema } from "../model/settings";
import type { NameReference, TableUse } from "../sql/facts";
import { sameName } from "../sql/renderText";
import type { RuleContext } from "./rule";

/** A name with what is done to what it stands for. */
interface Used extends NameReference {
  readonly use: TableUse;
}

/**
 * What is known of a name that the statement itself has made before: of a table with a key to itself, in a block, or in a batch of SQL
 * Server's statements with nothing between them; null where it hasn't made it. @param all names of that kind in the statement
 */
export function madeHere(
  { name, use, start }: Used,
  all: readonly Used[],
  kind: Definition["kind"],
  context: RuleContext,
): Sides | null {
  const { statement, settings, scope, catalog } = context;
  const { publicSchema, prototypeSchema, dialect } = settings;
  const { facts } = statement;
  const made = all.find((one) => one.use === "create" && one.start < start && sameName(one.name, name, dialect));
  if (made === undefined || use === "create") return null;
  const isAfter =
    dialect === "sqlserver" || block.test(facts.kind) || facts.foreignKeys.some(({ to }) => to.start === start);
  if (!isAfter) return null;
  const schema = made.schema ?? ownSchema(scope, settings);
  const definition = { schema, name, kind, file: null, span: null };
  // Without a schema, too, it is made in the first one that is looked in.
  const known = made.schema === null ? { public: null, prototype: null } : catalog.lookUp(name);
  if (sameName(schema, publicSchema, dialect)) return { ...known, public: definition };
  return sameName(schema, prototypeSchema, dialect) ? { ...known, prototype: definition } : null;
}

/** Statements that hold others. */
const block = /^DO$|^(?:CREATE|ALTER) (?:OR REPLACE )?(?:FUNCTION|PROCEDURE|TRIGGER)$/;
