import { createInterface } from "node:readline";
import type { AskPassword } from "../app/target";
import type { Interrupt } from "./verb";

/** How an editor steers a run: JSON lines on standard input, so that a password is in no argument and no environment. */
export interface Control {
  /** Gives the password of the first line, once. */
  readonly password: AskPassword;
  close(): void;
}

/**
 * Reads `{"password":"…"}` (or null) first, later `{"cancel":true}`, each of which does what Ctrl-C does. The end of the
 * input cancels nothing: a run outlives the editor that began it.
 */
export function controlOn(input: NodeJS.ReadableStream, interrupt: Interrupt): Control {
  const lines = createInterface({ input });
  let give: (password: string | null) => void = () => {};
  const given = new Promise<string | null>((resolve) => {
    give = resolve;
  });
  lines.on("line", (line) => {
    const message = parsed(line);
    if ("password" in message) {
      give(typeof message.password === "string" ? message.password : null);
    }
    if (message.cancel === true) {
      interrupt.press();
    }
  });
  lines.on("close", () => give(null));
  return {
    password: async ({ retry }) => (retry ? null : await given),
    close: () => lines.close(),
  };
}

function parsed(line: string): { readonly password?: unknown; readonly cancel?: unknown } {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
