import { foldName } from "../sql/dialect";
import type { QualifiedName } from "../sql/facts";
import type { Span } from "../sql/span";
import type { TableAction } from "./deeds";
import type { TablePlace } from "./families";
import type { Scope } from "./migration";
import type { Place } from "./places";
import { ownSchema, type Settings } from "./settings";

/** What migrations make, as far as it is followed. A function is one whatever arguments it has; a trigger's or constraint's table is a part of its name. */
export type DefinedKind =
  | "table"
  | "view"
  | "type"
  | "domain"
  | "function"
  | "sequence"
  | "index"
  | "constraint"
  | "other";

/** The kinds whose names must differ from each other in a schema; a view is found as a table is, and a domain as a type. */
export type NameSpace = Exclude<DefinedKind, "view" | "domain">;

/** What the objects that a statement names as types are: of one that is made of another type, and stored as that is, the statement's kind says so. */
export function kindOfTypes(statement: string): "type" | "domain" {
  return / DOMAIN$/.test(statement) ? "domain" : "type";
}

/** Where a table or another object comes from. */
export interface Definition {
  readonly schema: string;
  readonly name: string;
  readonly kind: DefinedKind;
  /** The migration that made it, or null where only the configuration's `publicTables` names it. */
  readonly file: string | null;
  /** Its name at that place, as offsets into the file. */
  readonly span: Span | null;
}

/** Each name's definitions over time; the last of those before a point is the one that holds there. */
export class Timeline {
  readonly #settings: Settings;
  /** By schema, then by name space and name. */
  readonly #states = new Map<string, Map<string, State[]>>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  define(at: Moment, definition: Definition): void {
    this.#record(spaceOf(definition.kind), definition.schema, definition.name, { at, definition });
  }

  remove(at: Moment, space: NameSpace, schema: string, name: string): void {
    if (this.latest(space, schema, name) !== null) this.#record(space, schema, name, { at, definition: null });
  }

  removeSchema(at: Moment, schema: string): void {
    for (const states of this.#states.get(this.#fold(schema))?.values() ?? []) {
      if (states.at(-1)?.definition) states.push({ at, definition: null });
    }
  }

  find(point: number, space: NameSpace, schema: string, name: string): Definition | null {
    return before(this.#statesOf(space, schema, name) ?? [], point);
  }

  /** The tables and views that there are at a point. */
  tables(point: number): Definition[] {
    const all: Definition[] = [];
    for (const states of this.#states.values()) {
      for (const [key, of] of states) {
        const found = key.includes("\0") ? null : before(of, point);
        if (found !== null) all.push(found);
      }
    }
    return all;
  }

  latest(space: NameSpace, schema: string, name: string): Definition | null {
    return this.#statesOf(space, schema, name)?.at(-1)?.definition ?? null;
  }

  /** Where an unqualified name that exists is found: the tenant's path is the tenant, then the public schema. */
  resolve(space: NameSpace, name: string, scope: Scope): string {
    const first = ownSchema(scope, this.#settings);
    const { publicSchema } = this.#settings;
    const isPublic = this.latest(space, first, name) === null && this.latest(space, publicSchema, name) !== null;
    return isPublic ? publicSchema : first;
  }

  /** The table that an action is about. */
  tableOf({ action, table }: TableAction, at: Pick<Place, "point" | "scope">): TablePlace {
    const isMade = action.kind === "create-table" || action.kind === "create";
    if (isMade) return { schema: table.schema ?? ownSchema(at.scope, this.#settings), name: table.name };
    return this.tableMeant(table, at);
  }

  /** The table that a statement means by a name; it is made only after all that was known before the statement. */
  tableMeant({ schema, name }: QualifiedName, { point, scope }: Pick<Place, "point" | "scope">): TablePlace {
    if (schema !== null) return { schema, name };
    const first = ownSchema(scope, this.#settings);
    const { publicSchema } = this.#settings;
    const isIn = (one: string) => this.find(point, "table", one, name) !== null;
    return { schema: !isIn(first) && isIn(publicSchema) ? publicSchema : first, name };
  }

  #record(space: NameSpace, schema: string, name: string, state: State): void {
    const states = this.#statesOf(space, schema, name);
    if (states !== undefined) {
      states.push(state);
      return;
    }
    const names = this.#states.get(this.#fold(schema));
    const key = this.#key(space, name);
    if (names === undefined) this.#states.set(this.#fold(schema), new Map([[key, [state]]]));
    else names.set(key, [state]);
  }

  #statesOf(space: NameSpace, schema: string, name: string): State[] | undefined {
    return this.#states.get(this.#fold(schema))?.get(this.#key(space, name));
  }

  #key(space: NameSpace, name: string): string {
    return space === "table" ? this.#fold(name) : `${space}\0${this.#fold(name)}`;
  }

  #fold(name: string): string {
    return foldName(name, this.#settings.dialect);
  }
}

function before(states: readonly State[], point: number): Definition | null {
  let low = 0;
  let high = states.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((states[middle]?.at.point ?? 0) < point) low = middle + 1;
    else high = middle;
  }
  return states[low - 1]?.definition ?? null;
}

/** The names among which a kind's names are. */
export function spaceOf(kind: DefinedKind): NameSpace {
  if (kind === "view") return "table";
  return kind === "domain" ? "type" : kind;
}

/** A point of the history, which may move while no two points change their order. */
export interface Moment {
  readonly point: number;
}

interface State {
  readonly at: Moment;
  readonly definition: Definition | null;
}
