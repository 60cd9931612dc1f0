import type { ExtensionContext, LogOutputChannel } from "vscode";
import type { Documents } from "./documents";
import type { Fleet } from "./fleet";
import type { Server } from "./languageClient";
import type { Runs } from "./runs";
import type { Secrets } from "./secrets";

/** What a command works with. */
export interface ExtensionState {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly server: Server;
  readonly fleet: Fleet;
  readonly runs: Runs;
  readonly documents: Documents;
  readonly secrets: Secrets;
}
