import type { Session } from "../db/database";

/** Does work in one transaction of the session's: committed where it ends well, rolled back where it throws. */
export async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.script("begin isolation level read committed read write");
  try {
    const result = await work();
    await session.script("commit");
    return result;
  } catch (error) {
    await session.script("rollback").catch(() => undefined);
    throw error;
  }
}
