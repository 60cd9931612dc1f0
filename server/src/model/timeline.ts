import type { Span } from "../sql/span";
import type { Scope } from "./migration";
import type { Settings } from "./settings";

/** Where a table or view comes from. */
export interface Definition {
  readonly schema: string;
  readonly name: string;
  readonly kind: "table" | "view";
  /** The migration that made it, or null where only the configuration's `publicTables` names it. */
  readonly file: string | null;
  /** Its name at that place, as offsets into the file. */
  readonly span: Span | null;
}

/** Each name's definitions over time; the last of those before a point is the one that holds there. */
export class Timeline {
  readonly #settings: Settings;
  /** By schema, then by name. */
  readonly #states = new Map<string, Map<string, State[]>>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  define(point: number, definition: Definition): void {
    this.#record(definition.schema, definition.name, { point, definition });
  }

  remove(point: number, schema: string, name: string): void {
    if (this.latest(schema, name) !== null) this.#record(schema, name, { point, definition: null });
  }

  removeSchema(point: number, schema: string): void {
    for (const states of this.#states.get(this.#fold(schema))?.values() ?? []) {
      if (states.at(-1)?.definition) states.push({ point, definition: null });
    }
  }

  find(point: number, schema: string, name: string): Definition | null {
    const states = this.#statesOf(schema, name) ?? [];
    let low = 0;
    let high = states.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((states[middle]?.point ?? 0) < point) low = middle + 1;
      else high = middle;
    }
    return states[low - 1]?.definition ?? null;
  }

  latest(schema: string, name: string): Definition | null {
    return this.#statesOf(schema, name)?.at(-1)?.definition ?? null;
  }

  /** Where an unqualified name is made: SQL Server's connections have one default schema for every migration. */
  creationSchema(scope: Scope): string {
    const { dialect, publicSchema, prototypeSchema } = this.#settings;
    return scope === "public" || dialect === "sqlserver" ? publicSchema : prototypeSchema;
  }

  /** Where an unqualified name that exists is found: the tenant's path is the tenant, then the public schema. */
  resolve(name: string, scope: Scope): string {
    const first = this.creationSchema(scope);
    const { publicSchema } = this.#settings;
    return this.latest(first, name) === null && this.latest(publicSchema, name) !== null ? publicSchema : first;
  }

  #record(schema: string, name: string, state: State): void {
    const states = this.#statesOf(schema, name);
    if (states !== undefined) {
      states.push(state);
      return;
    }
    const names = this.#states.get(this.#fold(schema));
    if (names === undefined) this.#states.set(this.#fold(schema), new Map([[this.#fold(name), [state]]]));
    else names.set(this.#fold(name), [state]);
  }

  #statesOf(schema: string, name: string): State[] | undefined {
    return this.#states.get(this.#fold(schema))?.get(this.#fold(name));
  }

  /** SQL Server's usual collations don't tell upper from lower case. */
  #fold(name: string): string {
    return this.#settings.dialect === "sqlserver" ? name.toLowerCase() : name;
  }
}

interface State {
  readonly point: number;
  readonly definition: Definition | null;
}
