import { Writable } from "node:stream";
import { type Style, styleFor } from "./style";

/** Where a command writes and asks; the standard streams of the process. */
export interface Terminal {
  /** Writes one line, or several, to standard output. */
  line(text?: string): void;
  /** Writes one line, or several, to standard error. */
  note(text: string): void;
  /** Draws over the current line of standard error; only meaningful where `live` is true. */
  draw(text: string): void;
  /** The style of standard output. */
  readonly style: Style;
  /** The style of standard error. */
  readonly noteStyle: Style;
  /** Whether a person sits in front: standard input and standard error are terminals. */
  readonly interactive: boolean;
  /** Whether standard error is a terminal on which a line can be drawn over. */
  readonly live: boolean;
  /** Whether some of standard output was lost, other than by its reader having gone. */
  readonly lost: boolean;
  /** How many columns a line has. */
  readonly columns: number;
  /** Asks on standard error and waits for a line; null when the input ends or the signal aborts. */
  ask(question: string, signal?: AbortSignal): Promise<string | null>;
  /** The same for a password, which isn't shown while it is typed. */
  askHidden(question: string, signal?: AbortSignal): Promise<string | null>;
}

/** The terminal of a process. Once a reader has closed its end of a pipe, what would go there is dropped in silence. */
export function processTerminal(process: NodeJS.Process): Terminal {
  let lost = false;
  const write = (stream: NodeJS.WriteStream) => {
    let open = true;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      open = false;
      if (error.code !== "EPIPE" && stream !== process.stderr) {
        lost = true;
        toError(`Standard output can't be written (${error.code ?? error.message}); what follows is not shown.\n`);
      }
    });
    return (text: string) => {
      if (open) {
        stream.write(text);
      }
    };
  };
  const toOutput = write(process.stdout);
  const toError = write(process.stderr);
  const live = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  return {
    line: (text = "") => toOutput(`${text}\n`),
    note: (text) => toError(`${text}\n`),
    draw: (text) => toError(`\r\u001b[2K${text}`),
    style: styleFor(process.stdout, process.env),
    noteStyle: styleFor(process.stderr, process.env),
    // Standard input is opened by the first look at it, which most commands never take.
    get interactive() {
      return process.stdin.isTTY === true && process.stderr.isTTY === true;
    },
    live,
    get lost() {
      return lost;
    },
    get columns() {
      return process.stderr.columns ?? process.stdout.columns ?? 80;
    },
    ask: (question, signal) => askOn(process, process.stderr, question, signal),
    askHidden: async (question, signal) => {
      toError(question);
      const answer = await askOn(process, silence, "", signal);
      toError("\n");
      return answer;
    },
  };
}

/** Takes what is typed and shows nothing. */
const silence = new Writable({ write: (_chunk, _encoding, done) => done() });

async function askOn(
  process: NodeJS.Process,
  output: NodeJS.WritableStream,
  question: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const { createInterface } = await import("node:readline/promises");
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await new Promise<string | null>((resolve, reject) => {
      reader.once("close", () => resolve(null));
      // In a terminal's raw mode Ctrl-C arrives here and not as a signal.
      reader.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
      signal?.addEventListener("abort", () => resolve(null), { once: true });
      reader.question(question).then(resolve, reject);
    });
  } finally {
    reader.close();
    process.stdin.pause();
  }
}
