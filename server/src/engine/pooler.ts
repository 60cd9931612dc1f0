import type { Database, Session } from "../db/database";
import { EngineError } from "./errors";
import type { Plan } from "./plan";

/**
 * Files that run outside a transaction rely on what their session keeps between statements.
 * @throws EngineError where a pooler stands between, and gives a connection to another client after each transaction
 */
export async function refusePooler(database: Database, { stages }: Plan): Promise<void> {
  const [file] = stages
    .flatMap(({ migrations }) => migrations)
    .filter(({ migration }) => migration.scope === "tenant" && !migration.transactional);
  if (file === undefined || database.abilities.sessions < 2 || !(await isPooled(database))) return;
  throw new EngineError(
    `${file.migration.path} runs outside a transaction, and ${database.label} is a connection pooler that gives each transaction to another connection: ` +
      "locks and settings would be lost between the statements. Connect to the server itself, or through a pooler in session mode. Nothing was done.",
  );
}

/** A session that meets another process after someone else began a transaction has no process of its own. */
async function isPooled(database: Database): Promise<boolean> {
  return database.session(async (mine) => {
    const before = await processOf(mine);
    return database.session(async (other) => {
      await other.script("begin");
      const taken = await processOf(other);
      // Who still waits for a free connection of the pooler has none of its own either.
      const after = taken === before ? null : await processOf(mine);
      await other.script("rollback");
      return after !== before;
    });
  });
}

async function processOf(session: Session): Promise<number | undefined> {
  const [row] = await session.query<{ pid: number }>("select pg_backend_pid() as pid");
  return row?.pid;
}
