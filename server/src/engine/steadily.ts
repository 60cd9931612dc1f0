import { DatabaseError } from "../db/database";
import { pause, pauseBefore } from "./queue";

/** Does work that may be done twice, again on another connection where the first one breaks. */
export async function steadily<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.kind !== "connection" || attempt === most) throw error;
      await pause(pauseBefore(attempt * 2));
    }
  }
}

const most = 6;
