import type { Migration } from "../model/migration";
import type { Cache } from "./cache";
import type { Configuration } from "./configuration";
import type { Problem } from "./problem";

/** A folder as its configuration and its files say it. */
export interface Project {
  /** The folder that all its paths are relative to, absolute. */
  readonly root: string;
  /** Absolute; null where there is no `tenantry.json` and the defaults hold. */
  readonly configurationPath: string | null;
  readonly configuration: Configuration;
  /** In the order of the one history. */
  readonly migrations: readonly Migration[];
  /** What is wrong with its files; an error among them refuses a run. */
  readonly problems: readonly Problem[];
  /** False in a workspace that isn't trusted: nothing is connected there. */
  readonly trusted: boolean;
  /** The names of the tenants that a connection told of last; nothing where none was asked. */
  readonly tenantsTold?: readonly string[];
  /** Where what is found in its files is kept; nothing where it is to be found anew. */
  readonly cache?: Cache;
  /** Whether many files may be read in a thread of their own, so that this one goes on answering. */
  readonly threads?: true;
}
