import type { Connection, MarkupKind, TextDocuments } from "vscode-languageserver/node";
import type { Changed, CodeLensCommand, CredentialAnswer, CredentialRequest } from "../protocol";
import type { EditedDocument } from "./editedDocument";
import type { OtherRuns } from "./otherRuns";
import type { Runs } from "./runs";
import type { Unsaved } from "./unsaved";
import type { Workspace } from "./workspace";

/** What the client said it can do, and wants. */
export interface ClientFeatures {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly refreshesCodeLenses: boolean;
  readonly watchesFiles: boolean;
  readonly workspaceFolders: boolean;
  readonly resolvesCodeActions: boolean;
  readonly showsRelated: boolean;
  /** Whether an edit may have a part of it selected, to be typed over. */
  readonly takesSnippets: boolean;
  /** The one that it likes best. */
  readonly hoverFormat: MarkupKind;
  /** Whether its outlines hold symbols in others. */
  readonly nestsSymbols: boolean;
  readonly foldingRangeLimit: number | undefined;
  readonly credentials: boolean;
  readonly codeLensCommands: ReadonlySet<CodeLensCommand>;
}

/** What every handler works with. */
export interface Context {
  readonly connection: Connection;
  readonly documents: TextDocuments<EditedDocument>;
  readonly workspace: Workspace;
  readonly unsaved: Unsaved;
  readonly runs: Runs;
  readonly otherRuns: OtherRuns;
  readonly client: ClientFeatures;
  /** Passwords that were accepted, by the label of where they lead; in memory alone. */
  readonly passwords: Map<string, string>;
  /** What was last read of a project's tenants, by its root. */
  readonly lastRead: Map<string, LastRead>;
  /** When the text of an open document became what it is, by its URI. */
  readonly lastChange: Map<string, { readonly version: number; readonly at: number }>;
  askCredential(request: CredentialRequest): Promise<CredentialAnswer>;
  changed(change: Changed): void;
  /** What was reported of any file may have changed. */
  refreshDiagnostics(): void;
}

/** On how many schemas each migration is applied, by its path in the project. */
export interface LastRead {
  readonly connection: string;
  readonly applied: ReadonlyMap<string, { readonly count: number; readonly of: number }>;
}
