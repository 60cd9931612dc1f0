import type { Migration } from "../model/migration";
import type { Configuration } from "../project/configuration";

/** What a thread begins with: how the folder is to be read, and which part of its files is the thread's own. */
export interface ThreadBeginning {
  readonly configuration: PlainConfiguration;
  readonly tenantsTold: readonly string[] | null;
  readonly part: number;
  readonly parts: number;
}

/** A configuration as it can be sent. */
export type PlainConfiguration = Omit<Configuration, "overrides"> & {
  readonly overrides: readonly Omit<Configuration["overrides"][number], "holdsFor">[];
};

/** A migration as it can be sent. */
export type PlainMigration = Omit<Migration, "checksum">;

/** What a thread is told and asked, in this order. A file is named by its place among all that were told. */
export type ThreadRequest =
  /** Files, those of the history before all others. */
  | { readonly kind: "files"; readonly files: readonly PlainMigration[]; readonly inHistory: boolean }
  /** What some files do, which needn't be read any more. */
  | { readonly kind: "outlines"; readonly outlines: readonly FileOutline[] }
  | { readonly kind: "read" }
  /** Once what all files do is known. @param files those to be checked */
  | { readonly kind: "check"; readonly files: readonly number[] };

export interface FileOutline {
  readonly file: number;
  readonly outline: string;
}

export interface FileChecked {
  readonly file: number;
  /** As JSON: most are asked for only a moment later, and in slices. */
  readonly findings: string;
  readonly asked: readonly string[];
  readonly rest: string;
}

export type ThreadReply =
  | { readonly kind: "outlines"; readonly outlines: readonly FileOutline[] }
  | { readonly kind: "read" }
  | { readonly kind: "checked"; readonly checked: readonly FileChecked[] }
  | { readonly kind: "done" };

/** The part that a file belongs to, so that all parts have files of every age. */
export function partOf(file: number, parts: number): number {
  return file % parts;
}
