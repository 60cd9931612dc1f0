import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findPassword, matchPassword } from "../../server/src/project/pgpass";
import { folder } from "./folder";

const key = { host: "db", port: "5432", database: "shop", user: "app" };

describe("matchPassword", () => {
  it.each([
    ["db:5432:shop:app:secret", "secret"],
    ["*:*:*:*:secret", "secret"],
    ["db:5432:other:app:wrong\ndb:*:*:app:right", "right"],
    ["#db:5432:shop:app:comment\r\ndb:5432:shop:app:right\r\n", "right"],
    ["db:5432:shop:app:with\\:colon\\\\and backslash", "with:colon\\and backslash"],
    ["db:5432:shop:app:first\ndb:5432:shop:app:second", "first"],
    ["db:5432:shop:app:rest:is:ignored", "rest"],
    ["db:5432:shop:app:", ""],
  ])("reads %j", (file, password) => {
    expect(matchPassword(file, key)).toBe(password);
  });

  it.each(["", "db:5432:shop:app", "db:5433:shop:app:x", "\\*:5432:shop:app:x", "DB:5432:shop:app:x"])(
    "finds nothing in %j",
    (file) => {
      expect(matchPassword(file, key)).toBeNull();
    },
  );

  it("unescapes the names that it compares", () => {
    expect(matchPassword("a\\:b:5432:shop:app:secret", { ...key, host: "a:b" })).toBe("secret");
  });
});

describe("findPassword", () => {
  it("reads the file that PGPASSFILE names, or else ~/.pgpass", async () => {
    const home = await folder({ ".pgpass": "*:*:*:*:at home", elsewhere: "*:*:*:*:elsewhere" });
    await chmod(join(home, ".pgpass"), 0o600);
    await chmod(join(home, "elsewhere"), 0o600);
    expect(await findPassword(key, { HOME: home })).toEqual({ password: "at home", warning: null });
    expect(await findPassword(key, { HOME: home, PGPASSFILE: join(home, "elsewhere") })).toEqual({
      password: "elsewhere",
      warning: null,
    });
  });

  it.skipIf(process.platform === "win32")(
    "leaves a file alone that others can read, and says how to put it right",
    async () => {
      const home = await folder({ ".pgpass": "*:*:*:*:secret" });
      await chmod(join(home, ".pgpass"), 0o644);
      const path = join(home, ".pgpass");
      expect(await findPassword(key, { HOME: home })).toEqual({
        password: null,
        warning: `${path} can be read by others and was left alone. Run: chmod 600 ${path}`,
      });
    },
  );

  it("finds nothing where there is no file", async () => {
    expect(await findPassword(key, { HOME: await folder() })).toEqual({ password: null, warning: null });
  });
});
