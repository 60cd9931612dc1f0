import { type Fleet, run, type Wish } from "./fleet";

/** A run in a process of its own, told by its one argument; it writes a line for each schema that ends. */
const { url, wish } = JSON.parse(process.argv[2] ?? "") as { url: string; wish: Wish };
const { openDatabase } = await import("../../server/src/db/open");
const database = await openDatabase({ url, command: "test" });
const fleet: Fleet = { database, kind: "PostgreSQL", url, sql: async () => [] };
await run(fleet, wish, {}, (event) => process.stdout.write(`${JSON.stringify(event)}\n`));
await database.close();
