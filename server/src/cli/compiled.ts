import { readFileSync } from "node:fs";
import { createRequire, wrap } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

/** Where the build leaves what a version of V8 has compiled of a file, for it to be taken as it is. */
export function compiledPath(file: string): string {
  return `${file}.${process.versions.v8}-${process.arch}.code`;
}

/**
 * Loads a built file, and what it requires beside itself. What is compiled already is taken from beside it, unless another V8 or one with other flags is
 * running: to compile all anew takes longer than a short command's work.
 */
export function loadCompiled(file: string): unknown {
  return openLoader(readCode).load(file);
}

export interface Loader {
  /** @returns what the file exports */
  load(file: string): unknown;
  /** The files that were loaded with code, and their scripts. */
  readonly scripts: ReadonlyMap<string, Script>;
}

/** @param codeOf what is compiled of a file; null for a file that Node.js is to load by itself */
export function openLoader(codeOf: (file: string) => { readonly data?: Buffer } | null): Loader {
  const scripts = new Map<string, Script>();
  const loaded = new Map<string, NodeJS.Module["exports"]>();
  const load = (file: string): unknown => {
    if (loaded.has(file)) return loaded.get(file);
    const own = createRequire(file);
    const code = codeOf(file);
    if (code === null) return own(file);
    // The build writes nothing but ASCII, and says so where it didn't.
    const source = wrap(readFileSync(file, "latin1"));
    const script = new Script(source, { filename: file, ...(code.data && { cachedData: code.data }) });
    scripts.set(file, script);
    const module = { exports: {} };
    loaded.set(file, module.exports);
    const folder = dirname(file);
    const require = (id: string) => (id.startsWith("./") ? load(join(folder, id)) : own(id));
    script.runInThisContext().call(module.exports, module.exports, require, module, file, folder);
    loaded.set(file, module.exports);
    return module.exports;
  };
  return { load, scripts };
}

function readCode(file: string): { data: Buffer } | null {
  try {
    return { data: readFileSync(compiledPath(file)) };
  } catch {
    return null;
  }
}
