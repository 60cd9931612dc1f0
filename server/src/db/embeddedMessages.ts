import type { Notice } from "./database";

/** The database's code, compiled: what its thread begins with. */
export interface EmbeddedModules {
  readonly pgliteWasmModule: WebAssembly.Module;
  readonly initdbWasmModule: WebAssembly.Module;
}

/** What the database's thread is asked; each is answered by one `Reply` with the same `id`. */
export type Request = { readonly id: number } & (
  | { readonly ask: "open"; readonly folder: string | null; readonly snapshot: string | null }
  | { readonly ask: "query"; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly ask: "script"; readonly sql: string }
  | { readonly ask: "close" }
);

export type Reply = { readonly id: number; readonly notices: readonly Notice[] } & (
  | { readonly rows: readonly object[] }
  | { readonly fault: PostgresFields }
);

/** A server's error, field by field, as it crosses from one thread to another. */
export interface PostgresFields {
  readonly message: string;
  readonly code: string;
  readonly severity?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
  readonly position?: string;
  /** How many statements of the message were complete before. */
  readonly completed: number;
}
