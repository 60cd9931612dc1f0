import { expect, it, vi } from "vitest";
import { DatabaseError } from "../../server/src/db/database";
import { openDatabase } from "../../server/src/db/open";
import { sameDatabase, withPassword } from "../../server/src/project/databaseUrl";

vi.mock("node:os", async (original) => ({
  ...(await original<typeof import("node:os")>()),
  userInfo: () => {
    throw new Error("uv_os_get_passwd returned ENOENT");
  },
}));

it("a URL without a user can't be used where the system has no name for its own", async () => {
  const url = "postgresql://127.0.0.1/shop";
  const env = { HOME: "/nowhere" };
  expect(await withPassword(url, env)).toEqual({ url, warning: null });
  expect(sameDatabase(url, "postgresql://localhost/shop")).toBe(true);
  const error: unknown = await openDatabase({ url, command: "test" }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DatabaseError);
  expect(error).toMatchObject({ kind: "address", message: expect.stringContaining("names no user") });
});
