// What keeps a core busy for long is done in a process of its own, beside everything else.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Calls a function that a module exports, with strings, in another process; what it throws is thrown here. */
export async function apart(module, name, ...args) {
  const call = "const [module, name, ...args] = process.argv.slice(1); await (await import(module))[name](...args);";
  await run(process.execPath, ["--input-type=module", "-e", call, module.href, name, ...args]);
}
