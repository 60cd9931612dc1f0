import type { Terminal } from "./terminal";

/** Writes many lines as few pieces: each piece costs the process and its reader as much as a tenant's whole event. */
export function createLines(terminal: Terminal): { write(line: string): void; flush(): void } {
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) terminal.line(waiting.join("\n"));
    waiting = [];
  };
  return {
    write(line) {
      waiting.push(line);
      timer ??= setTimeout(flush, longestWaitMs);
    },
    flush,
  };
}

const longestWaitMs = 20;
