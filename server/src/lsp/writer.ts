import type { Writable } from "node:stream";
import { AbstractMessageWriter, type Message, type MessageWriter } from "vscode-languageserver/node";
import type { WrittenList } from "./jsonText";

/** A message's result or parameters of which one list is written as text already. Other writers than ours read it as any other value. */
export abstract class PartlyWritten {
  /** The JSON before the list, and after it. */
  protected abstract readonly around: readonly [before: string, after: string];
  readonly #list: WrittenList;

  constructor(list: WrittenList) {
    this.#list = list;
  }

  toJSON(): unknown {
    const [before, after] = this.around;
    return JSON.parse(`${before}${this.#list.text()}${after}`);
  }

  /** The list's values. */
  protected values(): unknown[] {
    return JSON.parse(`[${this.#list.text()}]`);
  }

  /** Its JSON, in pieces. */
  pieces(): { readonly before: string; readonly list: ReturnType<WrittenList["lend"]>; readonly after: string } {
    const [before, after] = this.around;
    return { before, list: this.#list.lend(), after };
  }
}

/** Writes messages to a stream as the protocol wants it: each at once, and what is written as text already as it is. */
export class StreamWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    super();
    this.#stream = stream;
    stream.on("error", (error) => this.fireError(error));
    stream.on("close", () => this.fireClose());
  }

  write(message: Message): Promise<void> {
    const { result, params, ...rest } = message as Message & { result?: unknown; params?: unknown };
    if (result instanceof PartlyWritten) return this.#writePieces(rest, "result", result);
    if (params instanceof PartlyWritten) return this.#writePieces(rest, "params", params);
    const text = JSON.stringify(message);
    return this.#send([`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`]);
  }

  #writePieces(rest: object, key: "result" | "params", value: PartlyWritten): Promise<void> {
    const { before, list, after } = value.pieces();
    const head = `${JSON.stringify(rest).slice(0, -1)},"${key}":${before}`;
    const tail = `${after}}`;
    const length = Buffer.byteLength(head) + list.bytes.length + Buffer.byteLength(tail);
    return this.#send([`Content-Length: ${length}\r\n\r\n${head}`, list.bytes, tail]).finally(list.release);
  }

  /** @returns when the pieces have been taken over */
  #send(pieces: readonly (string | Uint8Array)[]): Promise<void> {
    return new Promise((done, fail) => {
      this.#stream.cork();
      pieces.forEach((piece, index) => {
        const isLast = index === pieces.length - 1;
        this.#stream.write(piece, isLast ? (error) => (error ? fail(error) : done()) : undefined);
      });
      this.#stream.uncork();
    });
  }

  end(): void {}
}
