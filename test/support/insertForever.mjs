// Inserts rows into an embedded database, each acknowledged on standard output, until it is killed.
import { PGlite } from "@electric-sql/pglite";

const database = await PGlite.create(process.argv[2]);
await database.exec("create table if not exists counted (n int)");
for (let n = 1; ; n++) {
  await database.query("insert into counted values ($1)", [n]);
  process.stdout.write(`${n}\n`);
}
