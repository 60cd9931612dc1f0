import type { Catalog, Sides } from "../model/catalog";
import { elementsSchema } from "../model/changes";
import { ownSchema } from "../model/settings";
import type { NameReference, TableUse } from "../sql/facts";
import { madeAt } from "./related";
import type { Fix, Report, RuleContext } from "./rule";
import { writtenSchema } from "./schemas";

/** A name without its schema. */
export interface Unqualified {
  readonly name: NameReference;
  readonly use: TableUse;
  /** How the message calls it: `"orders"`, `The type "mood"`. */
  readonly subject: string;
  /** What is known by the name. */
  readonly known: Sides;
  /** Whether that is made only by later statements, as what a migration drops first to make it anew. */
  readonly isLater: boolean;
}

/** What is reported of a name without its schema; null where it may be left to the search path. */
export function unqualifiedReport(unqualified: Unqualified, context: RuleContext): Report | null {
  const { name, use, known } = unqualified;
  if (isElement(unqualified, context)) return null;
  if (isElsewhere(name, context)) return { start: name.start, end: name.end, message: elsewhere(unqualified) };
  const schemas = candidates(unqualified, context);
  if (isLeftToSearchPath(schemas, context)) return null;
  return {
    start: name.start,
    end: name.end,
    message: message(unqualified, context),
    fixes: schemas.flatMap((schema) => fix(name, schema, context)),
    ...(use === "create" ? {} : madeAt(known.prototype, known.public)),
  };
}

/** What is known of a name here, or else what is made by it later. @param look into one catalog */
export function knownOrLater(
  { catalog, later }: RuleContext,
  look: (catalog: Catalog) => Sides,
): Pick<Unqualified, "known" | "isLater"> {
  const known = look(catalog);
  if (known.public !== null || known.prototype !== null) return { known, isLater: false };
  return { known: look(later), isLater: true };
}

/** Whether CREATE SCHEMA makes it, in the new schema, or names what it has made there. */
function isElement({ name, use }: Unqualified, { statement: { facts } }: RuleContext): boolean {
  if (elementsSchema(facts) === null) return false;
  return use === "create" || facts.tables.some((table) => table.use === "create" && table.name === name.name);
}

/** Whether a database is named and its schema left out, as in `other..orders`: what this one holds tells nothing of it. */
function isElsewhere({ start }: NameReference, { statementText, settings }: RuleContext): boolean {
  return settings.dialect === "sqlserver" && statementText[start - 1] === ".";
}

function elsewhere({ subject }: Unqualified): string {
  return `${subject} names no schema: the default schema of whoever runs this, in the database that is named, decides.`;
}

/** The schemas that are the right ones as far as is known: one, or both where the author has to choose. */
function candidates({ use, known }: Unqualified, { settings, scope }: RuleContext): string[] {
  const { publicSchema, prototypeSchema } = settings;
  const own = ownSchema(scope, settings);
  if (use === "create") return [own];
  if (known.public === null && known.prototype !== null) return [prototypeSchema];
  if (known.public !== null && known.prototype === null) return [publicSchema];
  return [own, own === publicSchema ? prototypeSchema : publicSchema];
}

/** With `tenantNames: "search-path"` a tenant migration's own names may stay as they are; shared, unknown and ambiguous ones may not. */
function isLeftToSearchPath(schemas: readonly string[], { settings, scope }: RuleContext): boolean {
  return (
    settings.tenantNames === "search-path" &&
    scope === "tenant" &&
    schemas.length === 1 &&
    schemas[0] === settings.prototypeSchema
  );
}

function message(
  { name: { name }, use, subject, known, isLater }: Unqualified,
  { settings, scope }: RuleContext,
): string {
  const { publicSchema, prototypeSchema, dialect } = settings;
  const isServer = dialect === "sqlserver";
  const path = scope === "tenant" ? "search_path" : "connection's search_path";
  if (use === "create") {
    const where = isServer ? "the default schema of whoever runs this" : `the first schema of the ${path}`;
    return `${subject} names no schema: it is created in ${where}.`;
  }
  // These are many in a file, and all of them are sent after each key that is typed.
  const start = `${subject} names no schema: the ${isServer ? "default schema of whoever runs this" : path} decides`;
  if (known.public !== null && known.prototype !== null)
    return `${start}, and there is both ${prototypeSchema}.${name} and ${publicSchema}.${name}.`;
  const made = isLater ? ", which is made later" : "";
  if (known.prototype !== null) return `${start}; likely ${prototypeSchema}.${name}${made}.`;
  if (known.public !== null) return `${start}; likely the shared ${publicSchema}.${name}${made}.`;
  return `${start}; no migration makes it.`;
}

function fix({ start }: NameReference, schema: string, context: RuleContext): Fix[] {
  const written = writtenSchema(schema, context);
  // In a literal, as that of a regclass, a quote would end it.
  if (written.includes("'")) return [];
  return [{ title: `Qualify with ${schema}`, edits: [{ start, end: start, text: `${written}.` }] }];
}
