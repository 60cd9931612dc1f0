import type { QualifiedName } from "./facts";
import type { Span } from "./span";

/** One thing that a statement does; the span is the smallest thing that it is about, relative to the statement. */
export type Action = Span & (TableAction | ObjectAction | RowAction | UpkeepAction);

/** What happens to a table's definition; `cascade` is where the word stands. */
export type TableAction =
  | {
      readonly kind: "create-table";
      readonly table: QualifiedName;
      readonly temporary: boolean;
      readonly partitionOf: QualifiedName | null;
      readonly inherits: readonly QualifiedName[];
      readonly copies: readonly TableCopy[];
      /** AS a query, or SQL Server's SELECT … INTO. */
      readonly fromQuery: boolean;
      /** What the query gives, where no columns are written in front of it. */
      readonly outputs: readonly Output[];
      /** Whether the query reads tables for it now: neither literals alone, nor WITH NO DATA. */
      readonly readsRows: boolean;
      readonly columns: readonly Column[];
      readonly constraints: readonly Constraint[];
    }
  | { readonly kind: "add-column"; readonly table: QualifiedName; readonly column: Column }
  | OnColumn<"drop-column", { readonly cascade: Span | null }>
  | OnColumn<"rename-column", { readonly to: string }>
  /** `notNull` is null where the statement doesn't say: only SQL Server says it together with the type. */
  | OnColumn<
      "alter-type",
      { readonly type: ColumnType; readonly using: Expression | null; readonly notNull: boolean | null }
    >
  | OnColumn<"set-default", { readonly expression: Expression }>
  | OnColumn<"drop-default" | "set-not-null" | "drop-not-null" | "add-identity" | "set-expression">
  | { readonly kind: "add-constraint"; readonly table: QualifiedName; readonly constraint: Constraint }
  | { readonly kind: "validate-constraint"; readonly table: QualifiedName; readonly constraint: string }
  | {
      readonly kind: "rename-constraint";
      readonly table: QualifiedName;
      readonly constraint: string;
      readonly to: string;
    }
  | {
      readonly kind: "drop-constraint";
      readonly table: QualifiedName;
      readonly constraint: string;
      readonly cascade: Span | null;
    }
  | { readonly kind: "attach-partition"; readonly table: QualifiedName; readonly partition: QualifiedName }
  | {
      readonly kind: "detach-partition";
      readonly table: QualifiedName;
      readonly partition: QualifiedName;
      /** CONCURRENTLY, or FINALIZE, which ends such a one. */
      readonly concurrently: boolean;
    }
  | { readonly kind: "inherit"; readonly table: QualifiedName; readonly parent: QualifiedName }
  /** Anything else that ALTER TABLE does, by its first words, such as `set tablespace`; or the kind of what ALTER POLICY, RULE or TRIGGER changes of a table. */
  | { readonly kind: "alter-table"; readonly table: QualifiedName; readonly what: string };

/** LIKE another table, among the columns of the one that is made. */
export interface TableCopy {
  readonly table: QualifiedName;
  /** How many of the columns that are written stand in front of it. */
  readonly before: number;
  /** Whether it is INCLUDING CONSTRAINTS, or ALL without EXCLUDING them. */
  readonly checks: boolean;
}

/** What happens to objects as a whole. */
export type ObjectAction =
  | {
      readonly kind: "create-index";
      readonly table: QualifiedName;
      readonly name: string | null;
      readonly unique: boolean;
      /** CONCURRENTLY, or SQL Server's ONLINE = ON: the table can be written to meanwhile. */
      readonly concurrently: boolean;
    }
  /** `table` is where SQL Server says it. */
  | {
      readonly kind: "drop-index";
      readonly index: QualifiedName;
      readonly table: QualifiedName | null;
      readonly concurrently: boolean;
      readonly cascade: Span | null;
    }
  /** `object` is the kind in the words of the command: `table`, `materialized view`, `schema`, `type`. */
  | {
      readonly kind: "drop";
      readonly object: string;
      readonly ifExists: boolean;
      readonly name: QualifiedName;
      readonly cascade: Span | null;
    }
  | { readonly kind: "rename"; readonly object: string; readonly name: QualifiedName; readonly to: string }
  | { readonly kind: "set-schema"; readonly object: string; readonly name: QualifiedName; readonly to: string }
  | { readonly kind: "rename-value"; readonly type: QualifiedName; readonly value: string; readonly to: string }
  | {
      readonly kind: "create-function";
      readonly name: QualifiedName;
      readonly language: string | null;
      readonly securityDefiner: boolean;
      /** The settings that SET clauses give to the function, in lower case. */
      readonly settings: readonly string[];
      /** Whether the body is a literal, which is read when the function is called. */
      readonly hasTextBody: boolean;
    }
  /**
   * Anything else that is made; `on` is the table of a trigger, policy or rule, `outputs` what a view's query gives, and `readsRows` whether a
   * materialized view reads tables for that now.
   */
  | {
      readonly kind: "create";
      readonly object: string;
      readonly name: QualifiedName | null;
      readonly on: QualifiedName | null;
      readonly outputs?: readonly Output[];
      readonly readsRows?: boolean;
    };

/** A column that a query gives, or all columns of a table. */
export type Output = { readonly column: string } | { readonly schema: string | null; readonly table: string };

/** What happens to rows. */
export type RowAction =
  | {
      readonly kind: "update" | "delete";
      readonly table: QualifiedName;
      readonly hasWhere: boolean;
      /** Whether rows are chosen by a join as well: FROM or USING. */
      readonly joins: boolean;
      /** The columns that UPDATE sets. */
      readonly columns: readonly string[];
    }
  | { readonly kind: "insert"; readonly table: QualifiedName; readonly fromQuery: boolean }
  | { readonly kind: "merge"; readonly table: QualifiedName }
  | { readonly kind: "truncate"; readonly table: QualifiedName; readonly cascade: Span | null };

/** Locks that are asked for, and upkeep of what is there. */
export type UpkeepAction =
  | { readonly kind: "lock-table"; readonly table: QualifiedName; readonly mode: string }
  | { readonly kind: "cluster" | "vacuum-full"; readonly table: QualifiedName | null }
  | {
      readonly kind: "reindex";
      readonly object: string;
      readonly name: QualifiedName | null;
      readonly concurrently: boolean;
    }
  | { readonly kind: "refresh"; readonly view: QualifiedName; readonly concurrently: boolean };

type OnColumn<Kind extends string, More = unknown> = {
  readonly kind: Kind;
  readonly table: QualifiedName;
  readonly column: string;
} & More;

/** A column as it is defined; the span is its name's. */
export interface Column extends Span {
  readonly name: string;
  /** Null where none is written, as for SQL Server's computed columns. */
  readonly type: ColumnType | null;
  readonly default: Expression | null;
  /** Where NOT NULL stands; PRIMARY KEY implies it as well. */
  readonly notNull: Span | null;
  /** Whether the server numbers the rows: serial, IDENTITY. */
  readonly identity: boolean;
  readonly generated: "stored" | "virtual" | null;
  /** SQL Server: WITH VALUES, which fills in the default where NULL would be allowed. */
  readonly withValues: boolean;
  readonly constraints: readonly Constraint[];
}

/** A type as it is written; its name folded and short: `varchar` for `character varying`, `timestamptz` for `timestamp with time zone`. */
export interface ColumnType extends Span {
  readonly schema: string | null;
  readonly name: string;
  /** What stands in parentheses after it, in lower case: `["10", "2"]`. */
  readonly arguments: readonly string[];
  readonly array: boolean;
}

/** An expression at its place, as it is written. */
export interface Expression extends Span {
  readonly text: string;
}

export type ConstraintKind = "primary-key" | "unique" | "check" | "foreign-key" | "exclusion" | "not-null" | "default";

/** A constraint; the span is its name's, or that of the words that say what it is. */
export interface Constraint extends Span {
  readonly kind: ConstraintKind;
  /** Null where the server will generate one. */
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly target: QualifiedName | null;
  readonly targetColumns: readonly string[];
  /** The condition of a check, with its parentheses, or the value of SQL Server's default. */
  readonly expression: Expression | null;
  /** NOT VALID, NOT ENFORCED, or SQL Server's WITH NOCHECK: rows that are there aren't checked. */
  readonly notValid: boolean;
  /** The index that USING INDEX names. */
  readonly usingIndex: string | null;
  /** SQL Server: whether its index is built with ONLINE = ON. */
  readonly online: boolean;
  /** Where the definition ends. */
  readonly definitionEnd: number;
}
