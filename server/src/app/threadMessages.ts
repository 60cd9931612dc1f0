import type { Migration } from "../model/migration";
import type { Configuration } from "../project/configuration";

/** What the thread begins with: how the folder is to be read. */
export interface ThreadBeginning {
  readonly configuration: PlainConfiguration;
  readonly tenantsTold: readonly string[] | null;
}

/** A configuration as it can be sent. */
export type PlainConfiguration = Omit<Configuration, "overrides"> & {
  readonly overrides: readonly Omit<Configuration["overrides"][number], "holdsFor">[];
};

/**
 * What the thread is told: files, those of the history in its order and before all others, and at last that there are no more. A file is named by its
 * place among them.
 */
export type ThreadRequest = { readonly kind: "files"; readonly files: readonly ToldFile[] } | { readonly kind: "end" };

export interface ToldFile {
  /** As it can be sent. */
  readonly migration: Omit<Migration, "checksum">;
  readonly isInHistory: boolean;
  /** Whether it is to be checked. */
  readonly isWanted: boolean;
  /** What the file does, where that is known; null where it has to be read. */
  readonly outline: string | null;
}

export interface FileRead {
  readonly file: number;
  /** What it does, where that wasn't known. */
  readonly outline: string | null;
  /** What was found in it, as it is kept; null where that was known, or what comes later may make it another thing. */
  readonly findings: string | null;
}

/** What a file's findings rest on, which were told before. */
export interface FileChecked {
  readonly file: number;
  /** As it is kept, as are the findings. */
  readonly asked: string;
  readonly rest: string;
}

export type ThreadReply =
  | { readonly kind: "read"; readonly read: readonly FileRead[] }
  | { readonly kind: "checked"; readonly checked: readonly FileChecked[] }
  | { readonly kind: "done" };
