import type { Action, Constraint } from "../sql/action";
import type { Dialect } from "../sql/dialect";
import type { QualifiedName } from "../sql/facts";

/** PostgreSQL's table locks that reading and writing rows don't take, from the weakest to the strongest. */
export const strongModes = [
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const;

export type StrongMode = (typeof strongModes)[number];

/** PostgreSQL's table locks, from the weakest to the strongest. */
export const lockModes = ["ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", ...strongModes] as const;

export type LockMode = (typeof lockModes)[number];

/** A lock that a statement takes on a table, and holds until its transaction ends. */
export interface TableLock {
  readonly table: QualifiedName;
  readonly mode: LockMode;
}

/** The locks that an action takes on tables that are there before it, stronger than reading and writing rows do. */
export function locksOf(action: Action, dialect: Dialect): readonly TableLock[] {
  return dialect === "postgresql" ? postgresLocks(action) : serverLocks(action);
}

/** Whether nobody else can read the table while the lock is held. SQL Server's name of such a lock is Sch-M. */
function isExclusive({ mode }: TableLock): boolean {
  return mode === "ACCESS EXCLUSIVE";
}

/** The tables that an action certainly takes so: what is dropped in case it is left over may not be there. */
export function exclusivelyLocked(action: Action, dialect: Dialect): readonly QualifiedName[] {
  if (action.kind === "drop" && action.ifExists) return [];
  return locksOf(action, dialect)
    .filter(isExclusive)
    .map(({ table }) => table);
}

function postgresLocks(action: Action): TableLock[] {
  switch (action.kind) {
    case "create-table": {
      const targets = action.temporary ? [] : targetsOf([...action.constraints, ...inColumns(action.columns)]);
      const parents = action.inherits.map(asParent);
      return [...targets, ...parents, ...(action.partitionOf === null ? [] : exclusive(action.partitionOf))];
    }
    case "add-column":
      return [...exclusive(action.table), ...targetsOf(action.column.constraints)];
    case "add-constraint": {
      const { kind } = action.constraint;
      if (kind !== "foreign-key") return exclusive(action.table);
      return [{ table: action.table, mode: "SHARE ROW EXCLUSIVE" }, ...targetsOf([action.constraint])];
    }
    case "validate-constraint":
      return [{ table: action.table, mode: "SHARE UPDATE EXCLUSIVE" }];
    case "inherit":
      return [...exclusive(action.table), asParent(action.parent)];
    case "attach-partition":
      return [asParent(action.table), ...exclusive(action.partition)];
    case "detach-partition":
      return [
        { table: action.table, mode: action.concurrently ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE" },
        ...exclusive(action.partition),
      ];
    case "alter-table":
      return [{ table: action.table, mode: alterMode(action.what) }];
    case "drop-column":
    case "rename-column":
    case "rename-constraint":
    case "alter-type":
    case "set-default":
    case "drop-default":
    case "set-not-null":
    case "drop-not-null":
    case "add-identity":
    case "set-expression":
    case "drop-constraint":
    case "truncate":
      return exclusive(action.table);
    case "create-index":
      return [{ table: action.table, mode: action.concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE" }];
    case "drop":
      return hasRows(action.object) || onTables.has(action.object) ? exclusive(action.name) : [];
    case "rename":
    case "set-schema":
      return hasRows(action.object) ? exclusive(action.name) : [];
    case "create":
      if (action.on === null) return [];
      return [{ table: action.on, mode: createdOn.get(action.object) ?? "SHARE UPDATE EXCLUSIVE" }];
    case "lock-table": {
      const mode = lockModes.find((one) => one === action.mode);
      return mode === undefined ? [] : [{ table: action.table, mode }];
    }
    case "cluster":
    case "vacuum-full":
      return action.table === null ? [] : exclusive(action.table);
    case "reindex":
      if (action.object !== "table" || action.name === null) return [];
      return [{ table: action.name, mode: action.concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE" }];
    case "refresh":
      return [{ table: action.view, mode: action.concurrently ? "EXCLUSIVE" : "ACCESS EXCLUSIVE" }];
    default:
      return [];
  }
}

function hasRows(object: string): boolean {
  return object === "table" || object === "materialized view";
}

const onTables: ReadonlySet<string> = new Set(["trigger", "policy", "rule"]);
const createdOn: ReadonlyMap<string, LockMode> = new Map([
  ["trigger", "SHARE ROW EXCLUSIVE"],
  ["policy", "ACCESS EXCLUSIVE"],
  ["rule", "ACCESS EXCLUSIVE"],
]);

/** What ALTER TABLE does under less than ACCESS EXCLUSIVE. */
function alterMode(what: string): LockMode {
  if (/^(?:enable|disable) (?:(?:replica|always) )?trigger$/.test(what)) return "SHARE ROW EXCLUSIVE";
  return shared.test(what) ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
}

const shared = /^(?:cluster on|set without cluster|set \(|reset \(|alter column (?:set statistics|(?:set|reset) \())/;

/** SQL Server changes a definition under Sch-M, which nobody reads beside. */
function serverLocks(action: Action): TableLock[] {
  switch (action.kind) {
    case "create-index":
      return action.concurrently ? [] : [{ table: action.table, mode: "SHARE" }];
    case "drop":
      return action.object === "table" ? exclusive(action.name) : [];
    case "rename":
    case "set-schema":
      return action.object === "table" ? exclusive(action.name) : [];
    case "add-column":
    case "drop-column":
    case "rename-column":
    case "alter-type":
    case "add-constraint":
    case "drop-constraint":
    case "validate-constraint":
    case "attach-partition":
    case "alter-table":
    case "truncate":
      return exclusive(action.table);
    default:
      return [];
  }
}

function exclusive(table: QualifiedName): TableLock[] {
  return [{ table, mode: "ACCESS EXCLUSIVE" }];
}

/** What a table gets another child by. */
function asParent(table: QualifiedName): TableLock {
  return { table, mode: "SHARE UPDATE EXCLUSIVE" };
}

/** A foreign key locks the table that it points at as it does its own. */
function targetsOf(constraints: readonly Constraint[]): TableLock[] {
  return constraints.flatMap(({ target }) =>
    target === null ? [] : [{ table: target, mode: "SHARE ROW EXCLUSIVE" as const }],
  );
}

function inColumns(columns: readonly { readonly constraints: readonly Constraint[] }[]): Constraint[] {
  return columns.flatMap(({ constraints }) => constraints);
}
