import { type Fleet, run, type Wish } from "./fleet";

/** A run in a process of its own, told by its one argument; it writes a line once it is connected, and one for each event. */
const { url, wish } = JSON.parse(process.argv[2] ?? "") as { url: string; wish: Wish };
const { openDatabase } = await import("../../server/src/db/open");
const database = await openDatabase({ url, command: "test" });
// From here on it may be killed at any moment.
process.stdout.write("open\n");
const fleet: Fleet = { database, kind: "PostgreSQL", url, sql: async () => [] };
await run(fleet, wish, {}, (event) => process.stdout.write(`${JSON.stringify(event)}\n`));
await database.close();
