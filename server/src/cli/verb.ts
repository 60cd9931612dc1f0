import type { Option } from "commander";
import type { ExitCode } from "./exitCodes";
import type { Terminal } from "./terminal";

/** One command of the command line. Its module stays light: what is heavy is imported in `run`. */
export interface Verb {
  /** The name, and the arguments as commander writes them: `render <file>`. */
  readonly usage: string;
  readonly group: "Write migrations:" | "Look:" | "Run migrations:" | "Put right:" | "For editors:";
  /** One line for the list of commands. */
  readonly summary: string;
  /** What the command's own help says below the summary. */
  readonly description?: string;
  /** The arguments' meaning, by name. */
  readonly arguments?: Readonly<Record<string, string>>;
  readonly flags: readonly Option[];
  /** Lets flags pass that it doesn't know: editors add some of their own. */
  readonly allowsUnknownFlags?: true;
  /** Command lines to learn from, each with its meaning. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  run(call: Call): Promise<ExitCode>;
}

/** One use of a command. */
export interface Call {
  readonly arguments: readonly string[];
  readonly flags: Flags;
  readonly terminal: Terminal;
  /** Who takes it ends by it: from then on Ctrl-C does nothing else. */
  readonly interrupt: Interrupt;
}

/** What the person asks of a command that goes on: Ctrl-C once, and again. */
export interface Interrupt {
  /** Begin nothing new, and let what has begun end well. */
  readonly stop: AbortSignal;
  /** End what is running, too. */
  readonly cancel: AbortSignal;
  /** What Ctrl-C does next: once is `stop`, twice is `cancel`. */
  press(): void;
}

/** Every flag of every command, as commander gives it. */
export interface Flags {
  readonly connection?: string;
  readonly config?: string;
  readonly tenant?: string;
  readonly tenants?: readonly string[];
  readonly to?: string;
  readonly format?: string;
  readonly scope?: "public" | "tenant";
  readonly fix?: boolean;
  readonly since?: string;
  readonly maxWarnings?: number;
  /** False for `--no-cache`. */
  readonly cache?: boolean;
  readonly skipInvalidTenants?: boolean;
  readonly takeOver?: boolean;
  readonly reason?: string;
  readonly undo?: boolean;
  readonly follow?: boolean;
  readonly stop?: boolean;
  readonly cancel?: boolean;
  readonly yes?: boolean;
  readonly confirm?: string;
  readonly digest?: string;
  readonly control?: boolean;
  readonly stdio?: boolean;
}
