import { expect, it } from "vitest";
import { withDatabase } from "./database";

it("gives a test a database of its own on a real server", async () => {
  await withDatabase(async ({ name, sql }) => {
    expect(
      await sql("select current_database() as name, current_setting('server_version_num')::int >= 140000 as new"),
    ).toEqual([{ name, new: true }]);
  });
});
