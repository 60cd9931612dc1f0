import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** How a process went. */
export interface Measured {
  readonly milliseconds: number;
  /** The most memory that it had, in MB, and its processor time in seconds; NaN where the system doesn't tell. */
  readonly megabytes: number;
  readonly cpu: number;
  /** The lines of its standard output, and when each came. */
  readonly lines: readonly { readonly text: string; readonly at: number; readonly megabytes: number }[];
}

/** Runs a program to its end. @throws where it fails */
export async function measured(
  command: string,
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Measured> {
  const began = performance.now();
  const child = spawn(command, words, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let used = { megabytes: Number.NaN, cpu: Number.NaN, now: Number.NaN };
  const look = () => {
    const now = usageOf(child.pid ?? 0);
    // One that has ended, and whose end nobody has seen yet, has no memory any more.
    if (now !== null && !Number.isNaN(now.megabytes)) used = now;
  };
  const timer = setInterval(look, 25);
  const lines: { text: string; at: number; megabytes: number }[] = [];
  let rest = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const at = performance.now() - began;
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) lines.push({ text: part, at, megabytes: used.now });
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const code = await new Promise((ended, failed) => {
    child.once("error", failed);
    child.once("close", ended);
  });
  clearInterval(timer);
  const said = `${errors}\n${lines
    .slice(-3)
    .map(({ text }) => text)
    .join("\n")}`;
  if (code !== 0) throw new Error(`${command} ${words.join(" ")} ended with ${code}: ${said.slice(0, 2000)}`);
  return { milliseconds: performance.now() - began, megabytes: used.megabytes, cpu: used.cpu, lines };
}

/** The processor time in seconds that a process's ended children have taken, which Linux adds up for it. */
export function secondsOfChildren(pid: number | string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** Linux tells while the process lives. */
function usageOf(pid: number): { megabytes: number; cpu: number; now: number } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? Number.NaN);
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return {
      megabytes: kilobytes("VmHWM") / 1024,
      cpu: (Number(fields[11]) + Number(fields[12])) / 100,
      now: kilobytes("VmRSS") / 1024,
    };
  } catch {
    return null;
  }
}
