import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { keptCode } from "./keptCode";

/**
 * Loads the program's own bundle, with the code that V8 made of it in an earlier process: to read a megabyte and a half of text anew takes a fifth of a short command's time.
 * Node.js has such a cache itself only from version 22 on.
 * @param use names what the process is for: the code that is kept is that of the functions which were called
 */
export function loadProgram(use: string): typeof import("../program") {
  const path = join(__DIST__, "program.js");
  // The bundler writes ASCII alone.
  const source = readFileSync(path).toString("latin1");
  const kept = keptCode(path, use);
  const cachedData = kept?.read();
  const script = new Script(source, { filename: path, ...(cachedData && { cachedData }) });
  const program = { exports: {} as typeof import("../program") };
  const run = script.runInThisContext() as (...globals: unknown[]) => void;
  run.call(program.exports, program.exports, createRequire(path), program, path, dirname(path));
  if (kept && (!cachedData || script.cachedDataRejected))
    process.on("exit", (code) => {
      // Wrong words, and what was broken off, have called hardly anything.
      if (code <= 1 && program.exports.resetFlags()) kept.write(() => script.createCachedData());
    });
  return program.exports;
}
