import type { MigrationArgument, Problem } from "../../../server/src/protocol";

/** A codicon, and the theme colour that it takes; without one it has the text's. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}

/** One row of a view as plain data; menus choose by `kind`, commands are given the row. */
export interface Row {
  /** Stable over refreshes, so that what is open stays open. */
  readonly id: string;
  readonly kind: RowKind;
  readonly folder: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon: Icon;
  readonly tenant?: string;
  readonly migration?: MigrationArgument;
  readonly run?: string;
  readonly problem?: Problem;
  /** What a click or Enter does: a command without arguments but the row, or a file that is opened. */
  readonly command?: string;
  readonly opens?: { readonly uri: string; readonly line?: number };
  /** Made only when the row is opened. */
  readonly children?: () => readonly Row[];
  readonly expanded?: boolean;
}

export type RowKind =
  | "folder"
  | "connection"
  | "schema"
  | "prototype"
  | "cohort"
  | "failedCohort"
  | "part"
  | "tenant"
  | "problem"
  | "action"
  | "migration"
  | "liveRun"
  | "endedRun"
  | "failedRun"
  | "failure"
  | "failedTenant";

/** What a screen reader says of a row: its texts in their order. */
export function spoken(row: Row): string {
  return row.description === undefined || row.description === "" ? row.label : `${row.label}, ${row.description}`;
}
