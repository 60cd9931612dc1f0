import { basename, dirname, extname, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { TextDocuments } from "vscode-languageserver/node";
import { openCache } from "../project/cache";
import type { Configuration } from "../project/configuration";
import { findSqlPaths, isFolder } from "../project/folders";
import { configurationFile, type LoadedProject, loadProject, type Project, reloadFile } from "../project/load";
import { rules } from "../rules/all";
import type { Dialect } from "../sql/dialect";
import { toUri } from "./convert";
import type { EditedDocument } from "./editedDocument";
import { isInside, openRoots } from "./roots";

/** A project as the open buffers and the saved files say it now. */
export interface OpenProject extends LoadedProject {
  readonly root: string;
}

/** The folders of the editor, and the projects in them. A project is read once, and again after one of its files has changed. */
export interface Workspace {
  /** Whether connections may be opened and the environment read. */
  readonly trusted: boolean;
  trust(trusted: boolean): void;
  /** Workspace folders were opened or closed. @param folders their absolute paths. */
  setFolders(folders: readonly string[]): void;
  /** The roots of all projects: each folder with a `tenantry.json`, and each workspace folder that holds none. */
  roots(): Promise<string[]>;
  /** The first of them; null where no folder is open. */
  firstRoot(): Promise<string | null>;
  /** The project that a file belongs to; a file outside of every folder is a project of its own folder. */
  projectOf(path: string): Promise<OpenProject>;
  project(root: string): Promise<OpenProject>;
  /** How a file's statements are written, which is known before all of its project is. @returns also whether that is read by now */
  dialectOf(path: string): Promise<{ readonly dialect: Dialect; readonly isRead: boolean }>;
  /** Reads all projects, while nobody waits for them yet. */
  readAll(): Promise<void>;
  /** Files or folders have come, gone or changed. What is asked meanwhile waits for it. @returns whether that makes a difference to a project. */
  filesChanged(paths: readonly string[]): Promise<boolean>;
  /** A connection of a project has told who its tenants are. @returns whether it told of others before, or of none. */
  tenantsTold(root: string, names: readonly string[]): boolean;
  /** What an editor holds of a configuration has changed, and nothing else. @param path of the configuration */
  configurationTyped(path: string): void;
  /** The project was read before something changed; @param path of the file that did, or null for everything. */
  forget(path: string | null): void;
}

/** @param isConfigured is told how each project is configured, before anything of it is read */
export function createWorkspace(
  documents: TextDocuments<EditedDocument>,
  isConfigured: (configuration: Configuration) => void,
): Workspace {
  const projects = new Map<string, Promise<OpenProject>>();
  const read = new WeakSet<Promise<OpenProject>>();
  const dialects = new Map<string, Promise<Dialect>>();
  /** What each folder was, the last time that it could be read. */
  const last = new Map<string, Project>();
  /** How often other things than an open configuration have changed: now, and when each folder was read. */
  let changes = 0;
  const readAt = new Map<string, number>();
  const told = new Map<string, readonly string[]>();
  let pending: Promise<unknown> = Promise.resolve();
  const roots = openRoots();
  let trusted = false;

  const readOpen = (path: string) => documents.get(toUri(path))?.text.toString();
  const ruleIds = async () => rules.map(({ id }) => id);
  const cache = openCache(process.env);
  const project = (root: string): Promise<OpenProject> => {
    let loading = projects.get(root);
    if (!loading) {
      loading = load(root, last.get(root) ?? null);
      keep(root, loading);
    }
    return loading;
  };
  const keep = (root: string, loading: Promise<OpenProject>) => {
    projects.set(root, loading);
    loading.then(
      () => read.add(loading),
      () => {},
    );
  };
  const load = async (root: string, before: Project | null): Promise<OpenProject> => {
    const at = changes;
    const onlyConfiguration = before !== null && readAt.get(root) === at;
    let settle = (_: Dialect) => {};
    const settled = new Promise<Dialect>((done) => {
      settle = done;
    });
    dialects.set(root, settled);
    const loading = loadProject(root, {
      ...{ trusted, readOpen, ruleIds, before, onlyConfiguration },
      ...{ cache, threads: true },
      onSettings({ configuration }) {
        isConfigured(configuration);
        settle(configuration.dialect);
      },
    });
    // Where the configuration can't be read, the text is looked at all the same.
    const loaded = await loading.finally(() => settle("postgresql"));
    note(root, loaded, at);
    return withTold({ ...loaded, root });
  };
  const note = (root: string, { project }: LoadedProject, at: number) => {
    if (project === null) return;
    last.set(root, project);
    readAt.set(root, at);
  };
  const withTold = (opened: OpenProject): OpenProject => {
    const tenantsTold = told.get(opened.root);
    if (opened.project === null || tenantsTold === undefined) return opened;
    return { ...opened, project: { ...opened.project, tenantsTold } };
  };
  const reload = async (root: string, loading: Promise<OpenProject>, path: string): Promise<OpenProject> => {
    const at = changes;
    const loaded = await loading;
    const now = await reloadFile(loaded, path, { readOpen });
    if (now === null) return load(root, loaded.project);
    note(root, now, at);
    return now === loaded ? loaded : withTold({ ...now, root });
  };
  const forgetAll = () => {
    projects.clear();
    roots.forget();
  };
  const forget = (path: string | null): void => {
    changes++;
    if (path === null || basename(path) === configurationFile) return forgetAll();
    for (const [root, loading] of projects) {
      if (!isInside(root, path)) continue;
      if (/\.sql$/i.test(path)) keep(root, reload(root, loading, path));
      else projects.delete(root);
    }
  };
  const configurationTyped = (path: string): void => {
    // One that was never read may be a new one.
    if (!projects.delete(dirname(path))) forgetAll();
  };
  const concerns = async (path: string): Promise<boolean> => {
    if (/\.(?:sql|env)$/i.test(path) || basename(path) === configurationFile) return true;
    if (extname(path) !== "") return false;
    const isHeld = [...last.values()].some(({ root, migrations }) =>
      migrations.some((migration) => isInside(path, resolve(root, migration.path))),
    );
    if (isHeld) return true;
    // An embedded database makes and deletes files beside the migrations whenever it is opened.
    return !isHidden(path) && (await isFolder(path)) && (await findSqlPaths(path)).length > 0;
  };
  const isHidden = (path: string) => /[\\/](?:\.[^\\/]+|node_modules)(?:[\\/]|$)/.test(roots.below(path));

  return {
    get trusted() {
      return trusted;
    },

    trust(value) {
      trusted = value;
      forgetAll();
    },

    setFolders(paths) {
      roots.setFolders(paths);
      forgetAll();
    },

    async roots() {
      await pending;
      return roots.all();
    },

    async firstRoot() {
      await pending;
      return roots.first();
    },

    async readAll() {
      // Whoever asks for one of them is told what goes wrong.
      const reading = async () => Promise.all((await this.roots()).map((root) => this.project(root)));
      await reading().catch(() => {});
    },

    async projectOf(path) {
      await pending;
      return project(await roots.of(path));
    },

    async dialectOf(path) {
      await pending;
      const root = await roots.of(path);
      const loading = project(root);
      const dialect = (await dialects.get(root)) ?? "postgresql";
      return { dialect, isRead: read.has(loading) };
    },

    async project(root) {
      await pending;
      return project(root);
    },

    filesChanged(paths) {
      const noted = pending.then(async () => {
        const isOwn = await Promise.all(paths.map(concerns));
        const own = paths.filter((_, index) => isOwn[index]);
        for (const path of own) forget(path);
        return own.length > 0;
      });
      pending = noted;
      return noted;
    },

    tenantsTold(root, names) {
      const before = told.get(root);
      if (before !== undefined && isDeepStrictEqual(before, names)) return false;
      told.set(root, names);
      const loading = projects.get(root);
      if (loading) keep(root, loading.then(withTold));
      return true;
    },

    configurationTyped,
    forget,
  };
}
