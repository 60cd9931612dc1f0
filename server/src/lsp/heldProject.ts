import { isDeepStrictEqual } from "node:util";
import type { Cache } from "../project/cache";
import type { Configuration } from "../project/configuration";
import { type LoadedProject, loadProject, type Project, reloadFile } from "../project/load";
import { rules } from "../rules/all";

/** A project as the open buffers and the saved files say it now. */
export interface OpenProject extends LoadedProject {
  readonly root: string;
}

/** The project of one root: it is read when it is asked for, and again after something of it has changed. */
export interface HeldProject {
  /** As it was the last time that it could be read. */
  readonly last: Project | null;
  now(): Promise<OpenProject>;
  /** How it is configured, which is known before all of it is read; null where that can't be read. @returns also whether all is read by now */
  configuration(): Promise<{ readonly configuration: Configuration | null; readonly isRead: boolean }>;
  /** All of it is read again when it is asked for. */
  forget(): void;
  /** The same, where its files are as they were, and at most its configuration is not. @returns whether it was read before */
  forgetConfiguration(): boolean;
  /** SQL files of it have come, gone or changed. */
  sqlChanged(paths: readonly string[]): void;
  /** A connection has told who its tenants are. @returns whether it told of others before, or of none */
  tenantsTold(names: readonly string[]): boolean;
}

/** What a project is read with. */
export interface Reading {
  readonly trusted: boolean;
  readonly cache: Cache | undefined;
  /** The text of a configuration that an editor holds. */
  readOpen(path: string): string | undefined;
  /** Is told how the project is configured, before anything of it is read. */
  isConfigured(configuration: Configuration): void;
}

export function holdProject(root: string, reading: Reading): HeldProject {
  let held: { readonly loading: Promise<OpenProject>; isRead: boolean } | null = null;
  let configuration: Promise<Configuration | null> = Promise.resolve(null);
  let last: Project | null = null;
  /** How often files of it have changed: by now, and when `last` was read. */
  let changes = 0;
  let readAt = 0;
  let told: readonly string[] | null = null;

  const keep = (loading: Promise<OpenProject>) => {
    const now = { loading, isRead: false };
    held = now;
    loading.then(
      () => {
        now.isRead = true;
      },
      () => {},
    );
    return now;
  };
  const now = () => held ?? keep(load(last));
  const load = async (before: Project | null): Promise<OpenProject> => {
    const at = changes;
    let settle = (_: Configuration | null) => {};
    configuration = new Promise((done) => {
      settle = done;
    });
    const { trusted, cache, readOpen, isConfigured } = reading;
    const loading = loadProject(root, {
      trusted,
      ...(cache && { cache }),
      readOpen,
      before,
      threads: true,
      ruleIds: async () => rules.map(({ id }) => id),
      onlyConfiguration: before !== null && readAt === at,
      onSettings({ configuration: read }) {
        isConfigured(read);
        settle(read);
      },
    });
    return opened(await loading.finally(() => settle(null)), at);
  };
  const reload = async (loading: Promise<OpenProject>, paths: readonly string[]): Promise<OpenProject> => {
    const at = changes;
    const before = await loading;
    let loaded: LoadedProject = before;
    for (const path of paths) {
      const next = await reloadFile(loaded, path);
      if (next === null) return load(loaded.project);
      loaded = next;
    }
    // The same object, by which others know that nothing has changed.
    return loaded === before ? before : opened(loaded, at);
  };
  const opened = (loaded: LoadedProject, at: number): OpenProject => {
    if (loaded.project !== null) {
      last = loaded.project;
      readAt = at;
    }
    return withTold({ ...loaded, root });
  };
  const withTold = (of: OpenProject): OpenProject =>
    of.project === null || told === null ? of : { ...of, project: { ...of.project, tenantsTold: told } };

  return {
    get last() {
      return last;
    },

    now: () => now().loading,

    async configuration() {
      const asked = now();
      return { configuration: await configuration, isRead: asked.isRead };
    },

    forget() {
      changes++;
      held = null;
    },

    forgetConfiguration() {
      const wasRead = held !== null;
      held = null;
      return wasRead;
    },

    sqlChanged(paths) {
      changes++;
      if (held === null) return;
      if (paths.length > fewFiles) held = null;
      else keep(reload(held.loading, paths));
    },

    tenantsTold(names) {
      if (told !== null && isDeepStrictEqual(told, names)) return false;
      told = names;
      if (held !== null) keep(held.loading.then(withTold));
      return true;
    },
  };
}

/** Of more than these, reading all of the project takes less than taking over one after the other. */
const fewFiles = 20;
