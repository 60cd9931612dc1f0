import { exclusivelyLocked } from "../model/locks";
import type { Scope } from "../model/migration";
import type { Settings } from "../model/settings";
import type { Action } from "../sql/action";
import { actionsOf } from "../sql/actions";
import type { Dialect } from "../sql/dialect";
import { newEnumValues } from "../sql/enumValues";
import type { AnalysedStatement, QualifiedName, StatementFacts } from "../sql/facts";

/**
 * What stands before a statement in its file. Every look-up takes and gives plain values, so that findings can be kept as long as the
 * look-ups that they rest on give the same. A schema that isn't written is the one that the migration is for.
 */
export interface Earlier {
  /** Whether a table is made by the file itself, so that nobody uses it yet. */
  createsTable(schema: string | null, name: string): boolean;
  addsColumn(schema: string | null, table: string, column: string): boolean;
  /** Whether a constraint was added that doesn't hold the rows that are there: NOT VALID, WITH NOCHECK. */
  addsUnchecked(schema: string | null, table: string, constraint: string): boolean;
  /** Whether the transaction holds a lock on an older table that nobody reads beside. */
  locksExclusively(schema: string | null, name: string): boolean;
  /** The first older table that the transaction locks so, as it is written; null for none. */
  firstExclusive(): string | null;
  /** How many older tables the transaction locks so; 2 for more. */
  exclusiveCount(): number;
  /** The first older table whose rows the transaction has changed in bulk; null for none. */
  firstBulkChange(): string | null;
  /** Whether the file has created so many objects with a row in `pg_class` or `sys.objects`. */
  createsAtLeast(count: number): boolean;
  /** The values that the transaction has added to enum types older than itself, with their quotes, joined by NUL; empty for none. */
  newEnumValues(): string;
  /** How many they are. An object more or less before a statement has whoever asks this look at it again. */
  createdCount(): number;
}

/** What stands before each of a file's statements. */
export interface EarlierStatements {
  before(index: number): Earlier;
}

/** What decides how a file's statements are read together. */
export interface FileContext {
  readonly settings: Settings;
  readonly scope: Scope;
  /** Whether a lock is held from one statement to the next. */
  readonly transactional: boolean;
}

/** Folds what statements do into what stands before each. @param text that they stand in */
export function foldEarlier(
  text: string,
  statements: readonly AnalysedStatement[],
  { settings, scope, transactional }: FileContext,
): EarlierStatements {
  const { dialect, publicSchema, prototypeSchema } = settings;
  const own = scope === "public" || dialect === "sqlserver" ? publicSchema : prototypeSchema;
  const fold = (name: string) => (dialect === "sqlserver" ? name.toLowerCase() : name);
  // No name holds the character NUL.
  const keyOf = (schema: string | null, name: string, part?: string) => {
    const key = `${fold(schema ?? own)}\0${fold(name)}`;
    return part === undefined ? key : `${key}\0${fold(part)}`;
  };
  const keys = keysOf(`${dialect} ${own}`);
  /** The same as `keyOf`, of a name that a statement's facts hold: it is asked for at each key that is typed. */
  const keyOfName = (name: QualifiedName) => {
    const known = keys.get(name) ?? keyOf(name.schema, name.name);
    keys.set(name, known);
    return known;
  };
  const tables = new Map<string, number>();
  const columns = new Map<string, number>();
  const unchecked = new Map<string, number>();
  /** By each name that a table has in the file. */
  const exclusive = new Map<string, Place>();
  const bulk: Place[] = [];
  const created: { index: number; total: number }[] = [];
  const types = new Set<string>();
  const enumValues: Place[] = [];
  const first = (places: Map<string, number>, key: string, index: number) => {
    if (!places.has(key)) places.set(key, index);
  };
  let total = 0;
  for (const [index, statement] of statements.entries()) {
    const summary = summaryOf(text, statement, settings);
    if (summary === nothing) continue;
    for (const table of transactional ? summary.locks : []) {
      const key = keyOfName(table);
      if (!tables.has(key) && !exclusive.has(key)) exclusive.set(key, { index, name: shown(table.schema, table.name) });
    }
    for (const table of transactional ? summary.bulk : []) {
      if (!tables.has(keyOfName(table))) bulk.push({ index, name: shown(table.schema, table.name) });
    }
    for (const { from, to } of summary.renames) {
      const held = exclusive.get(keyOfName(from));
      if (tables.has(keyOfName(from))) first(tables, keyOfName(to), index);
      else if (held !== undefined) exclusive.set(keyOfName(to), held);
    }
    for (const table of summary.tables) first(tables, keyOfName(table), index);
    for (const { schema, name, column } of summary.columns) first(columns, keyOf(schema, name, column), index);
    for (const { schema, name, constraint } of summary.unchecked)
      first(unchecked, keyOf(schema, name, constraint), index);
    for (const type of summary.types) types.add(keyOfName(type));
    for (const { type, value } of transactional ? summary.enumValues : []) {
      if (!types.has(keyOfName(type))) enumValues.push({ index, name: value });
    }
    total += summary.objects;
    if (summary.objects > 0) created.push({ index, total });
  }
  const locks = [...new Set(exclusive.values())];
  const folded = { keyOf, tables, columns, unchecked, exclusive, locks, bulk, created, enumValues };
  return { before: (index) => new Before(folded, index) };
}

interface Folded {
  readonly keyOf: (schema: string | null, name: string, part?: string) => string;
  /** Where each is made or locked first. */
  readonly tables: ReadonlyMap<string, number>;
  readonly columns: ReadonlyMap<string, number>;
  readonly unchecked: ReadonlyMap<string, number>;
  readonly exclusive: ReadonlyMap<string, Place>;
  readonly locks: readonly Place[];
  readonly bulk: readonly Place[];
  readonly enumValues: readonly Place[];
  readonly created: readonly { readonly index: number; readonly total: number }[];
}

/** One is made for each statement at each key that is typed, so it holds no more than it has to. */
class Before implements Earlier {
  readonly #folded: Folded;
  readonly #index: number;

  constructor(folded: Folded, index: number) {
    this.#folded = folded;
    this.#index = index;
  }

  createsTable(schema: string | null, name: string): boolean {
    return this.#isBefore(this.#folded.tables.get(this.#folded.keyOf(schema, name)));
  }

  addsColumn(schema: string | null, table: string, column: string): boolean {
    return this.#isBefore(this.#folded.columns.get(this.#folded.keyOf(schema, table, column)));
  }

  addsUnchecked(schema: string | null, table: string, constraint: string): boolean {
    return this.#isBefore(this.#folded.unchecked.get(this.#folded.keyOf(schema, table, constraint)));
  }

  locksExclusively(schema: string | null, name: string): boolean {
    return this.#isBefore(this.#folded.exclusive.get(this.#folded.keyOf(schema, name))?.index);
  }

  firstExclusive(): string | null {
    return nameBefore(this.#folded.locks, this.#index);
  }

  exclusiveCount(): number {
    return Math.min(2, countBefore(this.#folded.locks, this.#index));
  }

  firstBulkChange(): string | null {
    return nameBefore(this.#folded.bulk, this.#index);
  }

  createsAtLeast(count: number): boolean {
    return count <= this.createdCount();
  }

  newEnumValues(): string {
    const { enumValues } = this.#folded;
    return enumValues
      .slice(0, countBefore(enumValues, this.#index))
      .map(({ name }) => name)
      .join("\0");
  }

  createdCount(): number {
    const { created } = this.#folded;
    return created[countBefore(created, this.#index) - 1]?.total ?? 0;
  }

  #isBefore(place: number | undefined): boolean {
    return place !== undefined && place < this.#index;
  }
}

/** The names of the tables with which a statement does something that those after it may ask about; `""` for what is only counted. */
export function namesDone(text: string, statement: AnalysedStatement, settings: Settings): string[] {
  const summary = summaryOf(text, statement, settings);
  const { tables, renames, columns, unchecked, locks, bulk, objects, types, enumValues } = summary;
  const renamed = renames.flatMap(({ from, to }) => [from, to]);
  const named = [...tables, ...renamed, ...columns, ...unchecked, ...locks, ...bulk].map(({ name }) => name);
  return objects + types.length + enumValues.length > 0 ? ["", ...named] : named;
}

function keysOf(context: string): WeakMap<QualifiedName, string> {
  const known = keysIn.get(context) ?? new WeakMap<QualifiedName, string>();
  keysIn.set(context, known);
  return known;
}

/** By the dialect and the schema that names without one have. */
const keysIn = new Map<string, WeakMap<QualifiedName, string>>();

interface Place {
  readonly index: number;
  readonly name: string;
}

function nameBefore(places: readonly Place[], index: number): string | null {
  const [first] = places;
  return first !== undefined && first.index < index ? first.name : null;
}

/** How many of them stand before an index. @param places in their order */
function countBefore(places: readonly { readonly index: number }[], index: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.index ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

function shown(schema: string | null, name: string): string {
  return schema === null ? name : `${schema}.${name}`;
}

/** What of a statement matters to those after it. */
interface Summary {
  readonly tables: readonly QualifiedName[];
  readonly renames: readonly { readonly from: QualifiedName; readonly to: QualifiedName }[];
  readonly columns: readonly (QualifiedName & { readonly column: string })[];
  readonly unchecked: readonly (QualifiedName & { readonly constraint: string })[];
  readonly locks: readonly QualifiedName[];
  readonly bulk: readonly QualifiedName[];
  readonly objects: number;
  /** Types that it makes. */
  readonly types: readonly QualifiedName[];
  readonly enumValues: readonly { readonly type: QualifiedName; readonly value: string }[];
}

const nothing: Summary = {
  tables: [],
  renames: [],
  columns: [],
  unchecked: [],
  locks: [],
  bulk: [],
  objects: 0,
  types: [],
  enumValues: [],
};
const ofStatements = new WeakMap<StatementFacts, Summary>();

/** Remembered by the statement's facts, which an edit elsewhere leaves as they are. */
function summaryOf(text: string, statement: AnalysedStatement, { dialect }: Settings): Summary {
  const known = ofStatements.get(statement.facts);
  if (known !== undefined) return known;
  const actions = actionsOf(text, statement, dialect);
  const summary =
    actions.length === 0 && !statement.facts.kind.endsWith(" TYPE")
      ? nothing
      : {
          tables: actions.flatMap(madeTable),
          renames: actions.flatMap(renaming),
          columns: actions.flatMap((action) =>
            action.kind === "add-column" ? [{ ...action.table, column: action.column.name }] : [],
          ),
          unchecked: actions.flatMap(uncheckedIn),
          locks: actions.flatMap((action) => exclusivelyLocked(action, dialect)),
          bulk: actions.flatMap(bulkChange),
          objects: actions.reduce((sum, action) => sum + createdObjects(action), 0),
          ...typeChanges(text, statement, dialect),
        };
  ofStatements.set(statement.facts, summary);
  return summary;
}

function typeChanges(
  text: string,
  statement: AnalysedStatement,
  dialect: Dialect,
): Pick<Summary, "types" | "enumValues"> {
  const named = statement.facts.objects.filter(({ kind }) => kind === "type");
  const [altered] = named;
  const values = altered?.use === "alter" ? newEnumValues(text, statement, dialect) : [];
  return {
    types: named.filter(({ use }) => use === "create"),
    enumValues: altered === undefined ? [] : values.map((value) => ({ type: altered, value })),
  };
}

/** The table that an action makes, if any; a view is as new as one. */
export function madeTable(action: Action): QualifiedName[] {
  if (action.kind === "create-table") return [action.table];
  return action.kind === "create" && /view$/.test(action.object) && action.name !== null ? [action.name] : [];
}

function renaming(action: Action): Summary["renames"] {
  if (action.kind === "rename") return [{ from: action.name, to: { ...action.name, name: action.to } }];
  return action.kind === "set-schema" ? [{ from: action.name, to: { ...action.name, schema: action.to } }] : [];
}

function uncheckedIn(action: Action): (QualifiedName & { constraint: string })[] {
  const added =
    action.kind === "add-constraint"
      ? [action.constraint]
      : action.kind === "add-column"
        ? action.column.constraints
        : [];
  const table = "table" in action ? action.table : null;
  if (table === null) return [];
  return added.flatMap(({ name, notValid }) => (notValid && name !== null ? [{ ...table, constraint: name }] : []));
}

/** The table of which an action changes an unknown number of rows. */
export function bulkChange(action: Action): QualifiedName[] {
  if (action.kind === "update" || action.kind === "delete" || action.kind === "merge") return [action.table];
  return action.kind === "insert" && action.fromQuery ? [action.table] : [];
}

/** How many tables, indexes, sequences and views an action makes: a key or a unique constraint has an index, an identity a sequence. */
export function createdObjects(action: Action): number {
  switch (action.kind) {
    case "create-table": {
      if (action.temporary) return 0;
      const inColumns = action.columns.reduce((sum, column) => sum + columnObjects(column), 0);
      const keys = action.constraints.filter(({ kind }) => withIndex.has(kind)).length;
      return 1 + inColumns + keys;
    }
    case "add-column":
      return columnObjects(action.column);
    case "add-constraint":
      return withIndex.has(action.constraint.kind) && action.constraint.usingIndex === null ? 1 : 0;
    case "create-index":
      return 1;
    case "create":
      return /^(?:view|materialized view|sequence)$/.test(action.object) ? 1 : 0;
    default:
      return 0;
  }
}

const withIndex: ReadonlySet<string> = new Set(["primary-key", "unique", "exclusion"]);

function columnObjects({ identity, constraints }: Extract<Action, { kind: "add-column" }>["column"]): number {
  return (identity ? 1 : 0) + constraints.filter(({ kind }) => withIndex.has(kind)).length;
}
