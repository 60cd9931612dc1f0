import { type LockMode, locksOf, type StrongMode, strongModes } from "../model/locks";
import type { Migration, Scope } from "../model/migration";
import { ownSchema, type Settings } from "../model/settings";
import type { Action, Constraint } from "../sql/action";
import { actionsOf } from "../sql/actions";
import type { AnalysedStatement, QualifiedName } from "../sql/facts";
import type { SharedLock } from "./events";
import { type ForeignKey, ForeignKeys, type Table } from "./foreignKeys";

/**
 * The foreign keys to shared tables, followed through the history. Adding one, also by what makes or attaches a partition, and
 * detaching a partition that has one locks the shared table against writing; dropping or retyping one locks it against everything.
 */
export class SharedReferences {
  readonly #settings: Settings;
  readonly #keys = new ForeignKeys();
  /** The tables that there are, by the schemas that a name without one may mean. */
  readonly #names: ReadonlyMap<string, Set<string>>;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#names = new Map([
      [settings.publicSchema, new Set(settings.publicTables)],
      [settings.prototypeSchema, new Set()],
    ]);
  }

  /** Takes up the next migration of the history. @returns the locks that it needs, ordered by table, each in the strongest mode */
  follow(migration: Migration, statements: readonly AnalysedStatement[]): SharedLock[] {
    const { scope, text } = migration;
    const once = statements.flatMap((statement) => actionsOf(text, statement, this.#settings.dialect));
    // A repeatable one finds what it left there itself when it ran before.
    const actions = migration.version === null ? [...once, ...once] : once;
    const locks = actions.flatMap((action) => [...this.#direct(action, scope), ...this.#throughKeys(action, scope)]);
    return scope === "public" ? [] : mergeLocks(locks);
  }

  /** The locks on shared tables that an action takes by naming them. */
  #direct(action: Action, scope: Scope): SharedLock[] {
    return locksOf(action, this.#settings.dialect).flatMap(({ table, mode }) =>
      isStrong(mode) ? this.#locks([this.#find(table, scope)], mode) : [],
    );
  }

  /** Takes note of what an action does to keys. @returns the locks that it takes on the tables that they point at */
  #throughKeys(action: Action, scope: Scope): SharedLock[] {
    const keys = this.#keys;
    const find = (name: QualifiedName) => this.#find(name, scope);
    switch (action.kind) {
      case "create-table": {
        if (action.temporary) return [];
        const table = { schema: action.table.schema ?? ownSchema(scope, this.#settings), name: action.table.name };
        const constraints = [...action.columns.flatMap((column) => column.constraints), ...action.constraints];
        this.#names.get(table.schema)?.add(table.name);
        this.#add(table, constraints, scope);
        return action.partitionOf === null ? [] : this.#attach(table, find(action.partitionOf));
      }
      case "attach-partition":
        return this.#attach(find(action.partition), find(action.table));
      case "detach-partition":
        keys.detach(find(action.partition));
        return this.#againstWriting(keys.of(find(action.table)));
      case "add-column":
        return this.#add(find(action.table), action.column.constraints, scope);
      case "add-constraint":
        return this.#add(find(action.table), [action.constraint], scope);
      case "drop-column":
        return this.#exclusive(keys.dropColumn(find(action.table), action.column));
      case "drop-constraint":
        return this.#exclusive(keys.dropConstraint(find(action.table), action.constraint));
      case "alter-type":
        return this.#exclusive(keys.below(find(action.table)).filter(({ columns }) => columns.includes(action.column)));
      case "drop":
        return action.object === "table" ? this.#drop(find(action.name)) : [];
      case "rename-constraint":
        keys.renameConstraint(find(action.table), action.constraint, action.to);
        return [];
      case "rename-column":
        keys.renameColumn(find(action.table), action.column, action.to);
        return [];
      case "rename":
        if (action.object === "table") this.#move(find(action.name), { name: action.to });
        return [];
      case "set-schema":
        if (action.object === "table") this.#move(find(action.name), { schema: action.to });
        return [];
      default:
        return [];
    }
  }

  /** What a name means in a migration of that scope. */
  #find({ schema, name }: QualifiedName, scope: Scope): Table {
    if (schema !== null) return { schema, name };
    const { publicSchema } = this.#settings;
    const first = ownSchema(scope, this.#settings);
    const isPublic = !this.#names.get(first)?.has(name) && this.#names.get(publicSchema)?.has(name);
    return { schema: isPublic ? publicSchema : first, name };
  }

  /** Whatever isn't the tenant's own or temporary is the same for all. */
  #isShared({ schema }: Table): boolean {
    return schema !== this.#settings.prototypeSchema && schema !== "pg_temp";
  }

  /** The triggers of a partition's key are dropped where it becomes a part of its parent's. */
  #attach(partition: Table, table: Table): SharedLock[] {
    const merged = this.#keys.attach(partition, table);
    return [...this.#againstWriting(this.#keys.of(table)), ...this.#exclusive(merged)];
  }

  /** What a partition is dropped from is locked with it. */
  #drop(table: Table): SharedLock[] {
    const parent = this.#keys.parentOf(table);
    this.#names.get(table.schema)?.delete(table.name);
    const locks = this.#exclusive(this.#keys.drop(table));
    return parent === undefined ? locks : [...locks, ...this.#locks([parent], "ACCESS EXCLUSIVE")];
  }

  #move(table: Table, change: Partial<Table>): void {
    const to = { ...table, ...change };
    this.#names.get(table.schema)?.delete(table.name);
    this.#names.get(to.schema)?.add(to.name);
    this.#keys.move(table, to);
  }

  #add(table: Table, constraints: readonly Constraint[], scope: Scope): SharedLock[] {
    return constraints.flatMap(({ name, columns, target }) =>
      target === null ? [] : this.#exclusive(this.#keys.add(table, name, columns, this.#find(target, scope))),
    );
  }

  #againstWriting(keys: readonly ForeignKey[]): SharedLock[] {
    return this.#locks(
      keys.map(({ target }) => target),
      "SHARE ROW EXCLUSIVE",
    );
  }

  #exclusive(keys: readonly ForeignKey[]): SharedLock[] {
    return this.#locks(
      keys.map(({ target }) => target),
      "ACCESS EXCLUSIVE",
    );
  }

  /** Of tables those that are shared. */
  #locks(tables: readonly Table[], mode: StrongMode): SharedLock[] {
    return tables
      .filter((table) => this.#isShared(table))
      .map(({ schema, name }) =>
        schema === this.#settings.publicSchema ? { table: name, mode } : { schema, table: name, mode },
      );
  }
}

function isStrong(mode: LockMode): mode is StrongMode {
  return strongModes.some((one) => one === mode);
}

/** One lock for each table, in the strongest mode that is asked for; ordered by table, so that all workers ask in one order. */
export function mergeLocks(locks: Iterable<SharedLock>): SharedLock[] {
  const strongest = new Map<string, SharedLock>();
  for (const lock of locks) {
    const known = strongest.get(idOf(lock));
    if (known === undefined || strongModes.indexOf(lock.mode) > strongModes.indexOf(known.mode))
      strongest.set(idOf(lock), lock);
  }
  return [...strongest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, lock]) => lock);
}

/** In the order of the tables' names, as where a tenant is made. */
function idOf({ schema, table }: SharedLock): string {
  return `${table}\u0000${schema ?? ""}`;
}
