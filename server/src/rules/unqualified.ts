import type { Catalog, Sides } from "../model/catalog";
import { elementsSchema } from "../model/changes";
import { ownSchema } from "../model/settings";
import { actionsIn } from "../sql/actions";
import type { NameReference, TableUse } from "../sql/facts";
import { sameName } from "../sql/renderText";
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
export function unqualifiedReport(found: Unqualified, context: RuleContext): Report | null {
  const target = movedTo(found, context);
  const unqualified = target === null ? found : { ...found, known: without(found.known, target, context) };
  const { name, use, known } = unqualified;
  if (isElement(unqualified, context)) return null;
  if (isElsewhere(name, context)) return { start: name.start, end: name.end, message: elsewhere(unqualified) };
  const schemas = candidates(unqualified, context);
  if (isLeftToSearchPath(schemas, context)) return null;
  return {
    start: name.start,
    end: name.end,
    message: message(unqualified, target, context),
    fixes: isLost(unqualified, target) ? [] : schemas.flatMap((schema) => fix(name, schema, context)),
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

/** The schema that the statement moves it to, as `ALTER TABLE orders SET SCHEMA prototype` does; null where it stays. */
function movedTo({ name, use }: Unqualified, { statement, statementText, settings }: RuleContext): string | null {
  if (use !== "alter" || !/\b(?:set\s+schema|transfer)\b/i.test(statementText)) return null;
  for (const action of actionsIn(statementText, statement.facts, settings.dialect)) {
    if (action.kind === "set-schema" && action.name.schema === null && action.name.name === name.name) return action.to;
  }
  return null;
}

/** What is known of it but in the schema that it is moved to, where it can't lie yet. */
function without(known: Sides, target: string, { settings }: RuleContext): Sides {
  const isTarget = (schema: string) => sameName(schema, target, settings.dialect);
  return {
    public: isTarget(settings.publicSchema) ? null : known.public,
    prototype: isTarget(settings.prototypeSchema) ? null : known.prototype,
  };
}

/** Whether it is moved from nobody knows where. */
function isLost({ known }: Unqualified, target: string | null): boolean {
  return target !== null && known.public === null && known.prototype === null;
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

function message(unqualified: Unqualified, target: string | null, { settings, scope }: RuleContext): string {
  const { use, subject, known, isLater } = unqualified;
  const { name } = unqualified.name;
  const { publicSchema, prototypeSchema, dialect } = settings;
  const isServer = dialect === "sqlserver";
  const path = scope === "tenant" ? "search_path" : "connection's search_path";
  if (use === "create") {
    const where = isServer ? "the default schema of whoever runs this" : `the first schema of the ${path}`;
    return `${subject} names no schema: it is created in ${where}.`;
  }
  // These are many in a file, and all of them are sent after each key that is typed.
  const start = `${subject} names no schema: the ${isServer ? "default schema of whoever runs this" : path} decides`;
  if (isLost(unqualified, target)) return `${start} where it lies before it is moved to ${target}.`;
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
  const fix = { title: `Qualify with ${schema}`, edits: [{ start, end: start, text: `${written}.` }] };
  // A public migration may not touch a tenant's: another table may be meant, or another migration.
  const isBeyond = context.scope === "public" && schema === context.settings.prototypeSchema;
  return [isBeyond ? { ...fix, choice: true } : fix];
}
