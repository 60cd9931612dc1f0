import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { readTextFile } from "./files";

/** The values that `${env:NAME}` is filled from: the process's own, then those of `.env` in the root. */
export interface Environment {
  get(name: string): string | undefined;
  /** Why a `.env` that is there could not be read; null where it could, or isn't there. */
  readonly fault: string | null;
}

/** Reads `.env` beside the process's environment. Only for a trusted folder. */
export async function readEnvironment(root: string, process: NodeJS.ProcessEnv): Promise<Environment> {
  const { values, fault } = await readDotEnv(join(root, ".env"));
  return { get: (name) => process[name] ?? values[name], fault };
}

/**
 * Puts values in the place of `${env:NAME}`. What stands for a URL's user or password, or for both (`user:password`), is percent-encoded
 * where it has to be, so that a password may hold any character. @returns the text, or the names that are not set.
 */
export function fillVariables(text: string, environment: Environment): { text: string } | { unset: string[] } {
  const unset = new Set<string>();
  const login = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.exec(text)?.[0] ?? "";
  const isOneVariable = /:\/\/\$\{[^}]*\}@$/.test(login);
  const filled = text.replace(/\$\{env:([^}]*)\}/g, (_, name: string, offset: number) => {
    const value = environment.get(name.trim()) ?? "";
    if (value === "") unset.add(name.trim());
    if (offset >= login.length) return loginParameter.test(text.slice(0, offset)) ? encodeLogin(value) : value;
    const colon = isOneVariable ? value.indexOf(":") : -1;
    if (colon === -1) return encodeLogin(value);
    return `${encodeLogin(value.slice(0, colon))}:${encodeLogin(value.slice(colon + 1))}`;
  });
  return unset.size > 0 ? { unset: [...unset] } : { text: filled };
}

/** What stands before the value of a parameter that logs in. */
const loginParameter = /^[a-z][a-z0-9+.-]*:\/\/.*[?&](?:user|password)=$/is;

/** What is encoded already stays as it is. */
function encodeLogin(value: string): string {
  return value.replace(/%(?![0-9a-f]{2})|[^\w.~%-]/giu, encodeURIComponent);
}

async function readDotEnv(path: string): Promise<{ values: Record<string, string | undefined>; fault: string | null }> {
  const file = await readTextFile(path);
  if ("text" in file) return { values: parseEnv(file.text), fault: null };
  return { values: {}, fault: existsSync(path) ? file.problem : null };
}
