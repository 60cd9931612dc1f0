import {
  type DataCallback,
  type Disposable,
  ErrorCodes,
  Message,
  type MessageWriter,
  StreamMessageReader,
} from "vscode-languageserver/node";

/** Takes no request before `initialize`, which comes once, and none after `shutdown`, as the protocol wants it; the library itself answers them. */
export class LifeReader extends StreamMessageReader {
  readonly #writer: MessageWriter;
  #state: "fresh" | "open" | "shut down" = "fresh";

  constructor(stream: NodeJS.ReadableStream, writer: MessageWriter) {
    super(stream);
    this.#writer = writer;
  }

  get isShutDown(): boolean {
    return this.#state === "shut down";
  }

  override listen(callback: DataCallback): Disposable {
    return super.listen((message) => {
      if (!this.#refuses(message)) callback(message);
    });
  }

  #refuses(message: Message): boolean {
    if (Message.isNotification(message)) return this.#state !== "open" && message.method !== "exit";
    if (!Message.isRequest(message)) return false;
    const isOpen = this.#state === (message.method === "initialize" ? "fresh" : "open");
    if (isOpen) this.#state = message.method === "shutdown" ? "shut down" : "open";
    else void this.#writer.write(refusal(message.id, this.#state));
    return !isOpen;
  }
}

function refusal(id: string | number | null, state: "fresh" | "open" | "shut down") {
  return { jsonrpc: "2.0", id, error: refusals[state] };
}

const refusals = {
  fresh: { code: ErrorCodes.ServerNotInitialized, message: "The server waits for initialize." },
  open: { code: ErrorCodes.InvalidRequest, message: "The server is initialized already." },
  "shut down": { code: ErrorCodes.InvalidRequest, message: "The server has been shut down." },
};
