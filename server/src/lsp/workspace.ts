import { basename, dirname, join } from "node:path";
import { openCache } from "../project/cache";
import type { Configuration } from "../project/configuration";
import { folderScope } from "../project/folders";
import { configurationFile } from "../project/load";
import type { Dialect } from "../sql/dialect";
import { concerning, isRead } from "./concerns";
import { toProjectPath } from "./convert";
import { type HeldProject, holdProject, type OpenProject } from "./heldProject";
import { isInside, openRoots } from "./roots";

/** The folders of the editor, and the projects in them. */
export interface Workspace {
  /** Whether connections may be opened and the environment read. */
  readonly trusted: boolean;
  trust(trusted: boolean): void;
  /** Workspace folders were opened or closed, told by their absolute paths. */
  changeFolders(added: readonly string[], removed: readonly string[]): void;
  /** The roots of all projects: each folder with a `tenantry.json`, and each workspace folder that holds none. */
  roots(): Promise<string[]>;
  /** The first of them; null where no folder is open. */
  firstRoot(): Promise<string | null>;
  /**
   * The root of the project that a file belongs to: that of the `tenantry.json` above it, or else one whose configuration leads there, or else its
   * workspace folder; a file outside of every folder is a project of its own folder.
   */
  rootOf(path: string): Promise<string>;
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
  /** A file has changed since its project was read. */
  forget(path: string): void;
  /** Anything may have changed since the projects were read. */
  forgetAll(): void;
}

/**
 * @param readOpen gives the text of a configuration that an editor holds
 * @param isConfigured is told how each project is configured, before anything of it is read
 */
export function createWorkspace(
  readOpen: (path: string) => string | undefined,
  isConfigured: (configuration: Configuration) => void,
): Workspace {
  const roots = openRoots();
  const projects = new Map<string, HeldProject>();
  let trusted = false;
  let noting: Promise<unknown> = Promise.resolve();

  const reading = {
    get trusted() {
      return trusted;
    },
    cache: openCache(process.env),
    readOpen,
    isConfigured,
  };
  const projectAt = (root: string): HeldProject => {
    const known = projects.get(root) ?? holdProject(root, reading);
    projects.set(root, known);
    return known;
  };
  const projectNow = (root: string) => projectAt(root).now();
  /** The project whose configuration names a folder that a file lies in. */
  const leadingTo = async (path: string): Promise<string | undefined> => {
    for (const root of await roots.all()) {
      if ((await roots.above(join(root, configurationFile))) !== root) continue;
      const { configuration } = await projectAt(root).configuration();
      if (configuration !== null && isNamed(configuration, root, path)) return root;
    }
    return undefined;
  };
  const rootOf = async (path: string): Promise<string> =>
    (await roots.above(path)) ?? (await leadingTo(path)) ?? roots.around(path);
  const forgetAll = () => {
    for (const project of projects.values()) project.forget();
    roots.forget();
  };
  const forgetConfigurations = () => {
    for (const project of projects.values()) project.forgetConfiguration();
    roots.forget();
  };
  const changed = (paths: readonly string[]): void => {
    // With a configuration, or a folder, it may be other folders that are projects.
    if (paths.some((path) => !isRead(path) || basename(path) === configurationFile)) return forgetAll();
    for (const [root, project] of projects) {
      const inside = paths.filter((path) => isInside(root, path) || isNamed(project.last?.configuration, root, path));
      if (inside.length === 0) continue;
      if (inside.every((path) => /\.sql$/i.test(path))) project.sqlChanged(inside);
      else project.forget();
    }
  };
  const noted = async (paths: readonly string[]): Promise<boolean> => {
    const known = [...projects.values()].flatMap(({ last }) => last ?? []);
    const own = await concerning(paths, roots, known);
    changed(own);
    return own.length > 0;
  };

  return {
    get trusted() {
      return trusted;
    },

    trust(value) {
      trusted = value;
      forgetConfigurations();
    },

    changeFolders(added, removed) {
      roots.changeFolders(added, removed);
      forgetConfigurations();
    },

    async roots() {
      await noting;
      return roots.all();
    },

    async firstRoot() {
      await noting;
      return roots.first();
    },

    async readAll() {
      // Whoever asks for one of them is told what goes wrong.
      await Promise.allSettled((await this.roots()).map(projectNow));
    },

    async rootOf(path) {
      await noting;
      return rootOf(path);
    },

    async projectOf(path) {
      await noting;
      return projectNow(await rootOf(path));
    },

    async dialectOf(path) {
      await noting;
      const { configuration, isRead } = await projectAt(await rootOf(path)).configuration();
      // Where it can't be read, the text is looked at all the same.
      return { dialect: configuration?.dialect ?? "postgresql", isRead };
    },

    async project(root) {
      await noting;
      return projectNow(root);
    },

    filesChanged(paths) {
      const isOwn = noting.then(() => noted(paths));
      // Whoever waits for it is no worse off for what went wrong.
      noting = isOwn.catch(() => {});
      return isOwn;
    },

    tenantsTold: (root, names) => projectAt(root).tenantsTold(names),

    configurationTyped(path) {
      // One that was never read may be a new one.
      if (projects.get(dirname(path))?.forgetConfiguration() !== true) forgetConfigurations();
    },

    forget(path) {
      if (isRead(path)) changed([path]);
    },

    forgetAll,
  };
}

/** Whether a file lies where a configuration looks for migrations. */
function isNamed(configuration: Configuration | undefined, root: string, path: string): boolean {
  const own = toProjectPath(root, path);
  return configuration !== undefined && own !== null && folderScope(configuration.migrations)(own) !== null;
}
