import type { Catalog, DefinedKind, NameSpace, Sides } from "../model/catalog";
import { isBuiltInFunction } from "../sql/builtInFunctions";
import type { ObjectKind, ObjectReference } from "../sql/facts";
import { isBuiltInType } from "../sql/scan/words";
import { madeHere } from "./madeHere";
import type { Rule, RuleContext } from "./rule";
import { isPlaceholder } from "./schemas";
import { knownOrLater, type Unqualified, unqualifiedReport } from "./unqualified";

export const unqualifiedObject: Rule = {
  id: "unqualified-object",
  severity: "warning",
  hasFix: true,
  summary: "A type, function, sequence or another object is named without a schema.",
  looksAt: { facts: ["objects"] },

  *check(context) {
    for (const object of context.statement.facts.objects) {
      const { schema, name, use } = object;
      if (schema !== null || isPlaceholder(name)) continue;
      const { known, isLater } = knownOf(object, context);
      if (!isSchemaBound(object, known, context)) continue;
      const noun = nounOf(object, known, context);
      const subject = `The ${noun.replace(/^an? /, "")} "${name}"`;
      const report = unqualifiedReport({ name: object, use, subject, known, isLater }, context);
      if (report !== null) yield report;
    }
  },
};

/** What is known of an object; what is made later counts too: it is dropped to be made anew, asked for first, or called by a body. */
function knownOf(object: ObjectReference, context: RuleContext): Pick<Unqualified, "known" | "isLater"> {
  const { kind, use } = object;
  const alike = context.statement.facts.objects.filter((other) => other.kind === kind);
  const here = isDefined(kind) ? madeHere(object, alike, kind, context) : null;
  if (here !== null) return { known: here, isLater: false };
  const isServers = kind === "function" && use === "read" && isBuiltInFunction(object.name);
  if (use === "create" || isServers) return { known: sidesOf(object, context.catalog), isLater: false };
  return knownOrLater(context, (catalog) => sidesOf(object, catalog));
}

function isDefined(kind: ObjectKind): kind is ObjectKind & DefinedKind {
  return kind === "type" || kind === "function" || kind === "sequence" || kind === "index";
}

const nouns: Readonly<Record<ObjectKind | DefinedKind, string>> = {
  table: "a table",
  view: "a view",
  type: "a type",
  domain: "a type",
  function: "a function",
  sequence: "a sequence",
  index: "an index",
  relation: "a table",
  trigger: "a trigger",
  schema: "a schema",
  constraint: "a constraint",
  other: "an object",
};

/** What the message calls it: a procedure is created, changed and called as one, and any relation may be known as what it is. */
function nounOf(object: ObjectReference, known: Sides, { statement: { facts }, statementText }: RuleContext): string {
  const { kind, use, start } = object;
  if (kind === "relation") {
    const definition = known.prototype ?? known.public;
    return definition === null ? nouns.relation : nouns[definition.kind];
  }
  if (kind !== "function") return nouns[kind];
  const isProcedure =
    use === "read"
      ? isExecuted(statementText, start) || (facts.kind === "CALL" && facts.objects[0] === object)
      : procedureLast.test(statementText.slice(0, start));
  return isProcedure ? "a procedure" : nouns.function;
}

/** Of the words for routines, the one that is nearest in front of a name says what it is. */
const procedureLast = /\bproc(?:edure)?\b(?![\s\S]*\bfunction\b)/i;

/** What is known of an object's name on either side; of one that the server names itself, by the table in that name. */
function sidesOf({ name, kind }: ObjectReference, catalog: Catalog): Sides {
  const found = spaces[kind].map((space) => catalog.lookUp(name, space));
  const known = {
    public: found.find((sides) => sides.public !== null)?.public ?? null,
    prototype: found.find((sides) => sides.prototype !== null)?.prototype ?? null,
  };
  if (known.public !== null || known.prototype !== null || !generated.has(kind)) return known;
  return generatedFor(name, catalog) ?? known;
}

/** A type may be that of a table's rows, and a relation is any of them. */
const spaces: Readonly<Record<ObjectKind, readonly NameSpace[]>> = {
  type: ["type", "table"],
  function: ["function"],
  sequence: ["sequence"],
  index: ["index"],
  relation: ["table", "sequence", "index", "type"],
  trigger: [],
  schema: [],
  constraint: [],
  other: ["other", "table", "function", "sequence", "type"],
};

const generated: ReadonlySet<ObjectKind> = new Set(["sequence", "index", "relation"]);

/** PostgreSQL names a column's sequence and a constraint's index by their table: `orders_id_seq`, `orders_pkey`. */
function generatedFor(name: string, catalog: Catalog): Sides | null {
  if (!/_(?:seq|pkey|key|idx|excl)\d*$/.test(name)) return null;
  for (let at = name.lastIndexOf("_"); at > 0; at = name.lastIndexOf("_", at - 1)) {
    const table = catalog.lookUp(name.slice(0, at));
    if (table.public !== null || table.prototype !== null) return table;
  }
  return null;
}

/** Whether the name is looked for in a schema that isn't the server's own, as far as can be told without a doubt. */
function isSchemaBound(object: ObjectReference, known: Sides, context: RuleContext): boolean {
  const isKnown = known.public !== null || known.prototype !== null;
  return context.settings.dialect === "postgresql"
    ? isPostgresName(object, isKnown, context)
    : isSqlServerName(object, isKnown, context);
}

function isPostgresName({ name, kind, use }: ObjectReference, isKnown: boolean, { statement }: RuleContext): boolean {
  const isTarget = use === "create" || use === "drop";
  switch (kind) {
    case "type":
      if (isBuiltInType(name, "postgresql")) return use === "create";
      // In a statement that the grammar refuses another word may stand where a type should.
      return isKnown || isTarget || use === "alter" || (statement.facts.fault === null && !extensionTypes.has(name));
    case "function":
      if (isTarget || (statement.facts.kind === "CALL" && isFirst(name, statement.facts.objects))) return true;
      return !isBuiltInFunction(name) && (isKnown || use === "alter");
    case "sequence":
      // The sequence of an identity is made where its table is.
      return use !== "create" || !/\bTABLE$/.test(statement.facts.kind);
    case "relation":
      return true;
    case "index":
      // Where it is created, it is where its table is; only names of indexes that are changed may have a schema.
      return use === "drop" || use === "alter";
    case "other":
      return isKnown || isTarget || use === "alter";
    default:
      return false;
  }
}

/** Types that come with an extension lie wherever that was put. */
const extensionTypes: ReadonlySet<string> = new Set([
  ...["citext", "hstore", "ghstore", "ltree", "lquery", "ltxtquery", "cube", "seg", "earth", "lo", "query_int"],
  ...["isbn", "isbn13", "ismn", "ismn13", "issn", "issn13", "upc", "ean13"],
  ...["geometry", "geography", "raster", "box2d", "box3d", "vector", "halfvec", "sparsevec"],
]);

function isSqlServerName(
  { name, kind, use, start }: ObjectReference,
  isKnown: boolean,
  { statement: { facts }, statementText }: RuleContext,
): boolean {
  // The server's own procedures are called by such names, and neither made nor changed.
  if (use === "read" && /^[sx]p_/i.test(name)) return isKnown;
  switch (kind) {
    case "function":
      return isKnown || use !== "read" || isExecuted(statementText, start);
    case "type":
    case "sequence":
      return true;
    case "trigger":
      return use === "drop" && !/\bon\s+(?:database|all\s+server)\s*$/i.test(statementText);
    case "other":
      return !/\bSERVICE\b/.test(facts.kind);
    default:
      // An index is always named with its table.
      return false;
  }
}

/** Whether SQL Server's EXEC stands before a name. */
function isExecuted(text: string, start: number): boolean {
  return /\bexec(?:ute)?\s+(?:@\w+\s*=\s*)?$/i.test(text.slice(Math.max(0, start - 80), start));
}

function isFirst(name: string, objects: readonly ObjectReference[]): boolean {
  return objects[0]?.name === name;
}
