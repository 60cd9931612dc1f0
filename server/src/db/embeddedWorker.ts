import { openAsBlob } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import type { Notice } from "./database";
import type { EmbeddedModules, PostgresFields, Reply, Request } from "./embeddedMessages";
import { asText, leftAsText } from "./leftAsText";

/*
 * The thread of the embedded database: PGlite blocks the thread that it runs on. One request at a time comes in, in order.
 */

let database: PGlite | undefined;

parentPort?.on("message", async (request: Request) => {
  const notices: Notice[] = [];
  const reply = await work(request, notices).then(
    (rows) => ({ id: request.id, notices, rows }),
    (error: unknown) => ({ id: request.id, notices, fault: fieldsOf(error) }),
  );
  parentPort?.postMessage(reply satisfies Reply);
});

async function work(request: Request, notices: Notice[]): Promise<object[]> {
  switch (request.ask) {
    case "open":
      database = await open(request.folder, request.snapshot);
      return [];
    case "query":
      return query(request.sql, request.parameters, notices);
    case "script":
      return script(request.sql, notices);
    case "close":
      await database?.close();
      return [];
  }
}

const parsers = Object.fromEntries(leftAsText.map((type) => [type, asText]));

async function open(folder: string | null, snapshot: string | null): Promise<PGlite> {
  return PGlite.create({
    ...(folder !== null && { dataDir: folder }),
    ...(snapshot !== null && { loadDataDir: await openAsBlob(snapshot) }),
    parsers,
    ...(workerData as EmbeddedModules),
  });
}

async function query(sql: string, parameters: readonly unknown[], notices: Notice[]): Promise<object[]> {
  if (parameters.length === 0) return script(sql, notices);
  const { rows } = await opened().query<object>(sql, [...parameters], {
    parsers,
    onNotice: (notice) => notices.push(toNotice(notice)),
  });
  return rows;
}

/** Sends everything in one message, as a server's client does, and reads the answer itself: what failed is told by what was completed. */
async function script(sql: string, notices: Notice[]): Promise<object[]> {
  const { messages } = await opened().execProtocol(queryMessage(sql), {
    throwOnError: false,
    onNotice: (notice) => notices.push(toNotice(notice)),
  });
  let completed = 0;
  let rows: object[] = [];
  let fields: readonly { name: string; dataTypeID: number }[] = [];
  let fault: PostgresFields | undefined;
  let ready = false;
  for (const message of messages as readonly BackendMessage[]) {
    if (message.name === "rowDescription") {
      fields = message.fields;
      rows = [];
    } else if (message.name === "dataRow") rows.push(toRow(fields, message.fields));
    else if (message.name === "commandComplete") completed++;
    else if (message.name === "error") fault = { ...fieldsOf(message), completed };
    else if (message.name === "readyForQuery") ready = true;
  }
  // A statement that kills the backend, as one that is nested too deeply does, leaves no error but an answer without an end.
  if (!ready)
    throw Object.assign(new Error("The embedded database stopped in the middle of a statement."), {
      code: "57P02",
      completed,
    });
  if (fault) throw Object.assign(new Error(fault.message), fault);
  return rows;
}

type BackendMessage =
  | { readonly name: "rowDescription"; readonly fields: readonly { name: string; dataTypeID: number }[] }
  | { readonly name: "dataRow"; readonly fields: readonly (string | null)[] }
  | { readonly name: "commandComplete" | "readyForQuery" }
  | ({ readonly name: "error" } & PostgresFields);

function queryMessage(sql: string): Uint8Array {
  const text = Buffer.from(`${sql}\0`, "utf8");
  const head = Buffer.alloc(5);
  head.write("Q");
  head.writeUInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

function toRow(fields: readonly { name: string; dataTypeID: number }[], values: readonly (string | null)[]): object {
  return Object.fromEntries(
    fields.map(({ name, dataTypeID }, index) => [name, toValue(values[index] ?? null, dataTypeID)]),
  );
}

/** The types that `pg` turns into values of JavaScript; all others are text. */
function toValue(text: string | null, type: number): unknown {
  if (text === null) return null;
  switch (type) {
    case 16:
      return text === "t";
    case 21:
    case 23:
    case 26:
    case 700:
    case 701:
      return Number(text);
    case 114:
    case 3802:
      return JSON.parse(text);
    case 1009:
    case 1003:
    case 1015:
      return textArray(text);
    case 1184:
      return new Date(text);
    default:
      return text;
  }
}

/** An array of texts in PostgreSQL's notation, of one dimension. */
function textArray(text: string): (string | null)[] {
  const items = text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g);
  return Array.from(items, ([, quoted, plain]) =>
    quoted !== undefined ? quoted.replace(/\\(.)/g, "$1") : plain === "NULL" ? null : (plain ?? ""),
  );
}

function toNotice({ severity, message }: { severity?: string | undefined; message?: string | undefined }): Notice {
  return { severity: severity ?? "NOTICE", message: message ?? "" };
}

function fieldsOf(error: unknown): PostgresFields {
  const { message, code, severity, detail, hint, where, position, completed } = error as PostgresFields;
  return {
    message: message ?? String(error),
    code: code ?? "58000",
    completed: completed ?? 0,
    ...(severity && { severity }),
    ...(detail && { detail }),
    ...(hint && { hint }),
    ...(where && { where }),
    ...(position && { position }),
  };
}

function opened(): PGlite {
  if (!database) throw new Error("The embedded database is not open.");
  return database;
}
