import type { Session } from "../../db/database";
import type { RunOptions } from "../../model/runOptions";
import { literal } from "../guards";

/** The statements that make the prototype's objects, read once for all who make tenants by them. */
export interface Reader {
  /** @throws DatabaseError */
  read(session: Session): Promise<string>;
  /** Has it read again, unless somebody did so already. */
  forget(blueprint: string): void;
}

export function createReader(prototype: string, options: RunOptions): Reader {
  let reading: Promise<string> | null = null;
  let last: string | null = null;
  const ask = async (session: Session) => {
    try {
      const [row] = await session.script<{ blueprint: string }>(
        transaction(options, `select tenantry.read_prototype(${literal(prototype)}) as blueprint;`),
      );
      last = row?.blueprint ?? "";
      return last;
    } catch (error) {
      reading = null;
      throw error;
    }
  };
  return {
    read(session) {
      reading ??= ask(session);
      return reading;
    },
    forget(blueprint) {
      if (blueprint === last) reading = null;
    },
  };
}

/** One message: a transaction that ends with it, and the rows of its last statement that has any. */
export function transaction(options: RunOptions, statement: string): string {
  return `begin isolation level read committed read write;
set local lock_timeout = ${options.lockTimeout};
set local statement_timeout = ${options.statementTimeout};
${statement}
commit;`;
}
