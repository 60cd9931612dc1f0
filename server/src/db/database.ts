import type { Dialect } from "../sql/dialect";

/** What a server can and can't do, by what kind of server it is. */
export interface Abilities {
  /** How many sessions may be open at once. */
  readonly sessions: number;
  /** Whether one running statement can be cancelled without ending the database. */
  readonly cancel: boolean;
  /** Whether `lock_timeout` and `statement_timeout` are obeyed. */
  readonly timeouts: boolean;
  /** How many processors it works with, where it is on this machine; null for one elsewhere, as no server tells. */
  readonly processors: number | null;
}

/** A database that can be worked with; the narrow contract that every engine's driver fulfils. */
export interface Database {
  readonly dialect: Dialect;
  readonly abilities: Abilities;
  /** Where it is, for people: host, port and database, or the folder. Never a password. */
  readonly label: string;
  /** Lends a session for the length of the callback; it is given back clean, or thrown away where it can't be cleaned. */
  session<T>(use: (session: Session) => Promise<T>): Promise<T>;
  /** Opens sessions beforehand until there are as many, as they are likely to be wanted soon. */
  ready(sessions: number): void;
  close(): Promise<void>;
}

/** One connection's state: transaction, settings, locks. Calls are carried out in the order in which they are made, also where they overlap. */
export interface Session {
  /** One statement with parameters (`$1`, `$2` …), its rows as objects by column name. @throws DatabaseError */
  query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /**
   * Any number of statements in one message, without parameters.
   * @returns the rows of the last statement that returned any.
   * @param undo is asked for what to carry out where it fails, in front of whatever isn't sent yet, and before anybody else hears of
   * it; what is sent already finds the transaction failed
   * @throws DatabaseError with `statement` and `position` telling where it failed.
   */
  script<Row extends object>(sql: string, undo?: () => string): Promise<Row[]>;
  /** What the server said to these calls since that was last asked for. */
  notices(): Notice[];
  /** The same connection for another piece of work, whose notices and cancelling are its own. */
  beside(): Session;
  /**
   * Cancels what runs now, if anything does; resolves when the request was sent.
   * @param name the `application_name` that the work to be cancelled has taken, by which it is known behind a pooler, too: nothing else is
   * cancelled then
   */
  cancel(name?: string): Promise<void>;
}

export interface Notice {
  readonly severity: string;
  readonly message: string;
}

/** What went wrong, as far as a caller has to tell it apart. */
export type FaultKind =
  | "sql"
  | "lock-timeout"
  | "statement-timeout"
  | "deadlock"
  | "serialization"
  | "concurrent-update"
  | "cancelled"
  | "connection"
  /** What says where to connect can't be used, so that nothing was tried. */
  | "address"
  | "authentication"
  | "held";

/** A fault of the server, or of the way to it. Its message never holds a password. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly kind: FaultKind;
  /** SQLSTATE, or the driver's code where the server said none. */
  readonly code: string;
  readonly detail: string | null;
  readonly hint: string | null;
  /** Where inside of functions it came up, as the server tells it in lines. */
  readonly context: string | null;
  /** 0-based UTF-16 offset into the SQL that was sent, or null where the server gave none. */
  readonly position: number | null;
  /** How many statements of the message had been completed before the one that failed. */
  readonly statement: number | null;

  constructor(
    fault: {
      kind: FaultKind;
      code: string;
      message: string;
      detail?: string | null;
      hint?: string | null;
      context?: string | null;
      position?: number | null;
      statement?: number | null;
    },
    options?: ErrorOptions,
  ) {
    super(fault.message, options);
    this.kind = fault.kind;
    this.code = fault.code;
    this.detail = fault.detail ?? null;
    this.hint = fault.hint ?? null;
    this.context = fault.context ?? null;
    this.position = fault.position ?? null;
    this.statement = fault.statement ?? null;
  }
}
