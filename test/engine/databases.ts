import { openDatabase } from "../../server/src/db/open";
import { withDatabase } from "../support/database";
import type { Fleet, Kind } from "./fleet";

/** Lends an empty database of either kind. */
export async function onEach(kind: Kind, use: (fleet: Fleet) => Promise<void>): Promise<void> {
  if (kind === "PostgreSQL") {
    await withDatabase(async ({ url, sql }) => {
      const database = await openDatabase({ url, command: "test" });
      try {
        await use({ database, kind, url, sql });
      } finally {
        await database.close();
      }
    });
  } else {
    const database = await openDatabase({ url: "embedded:memory", command: "test" });
    try {
      await use({ database, kind, url: null, sql: (text) => database.session((session) => session.script(text)) });
    } finally {
      await database.close();
    }
  }
}

export const onServer = (use: (fleet: Fleet) => Promise<void>) => onEach("PostgreSQL", use);
