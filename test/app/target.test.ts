import { describe, expect, it } from "vitest";
import { chooseConnection, openTarget, requireConfirmation } from "../../server/src/app/target";
import { UsageError } from "../../server/src/app/usageError";
import { loadProject } from "../../server/src/project/load";
import { folderOf } from "../cli/command";
import { withDatabase } from "../support/database";

async function projectOn(url: string) {
  const folder = folderOf({
    "tenantry.json": JSON.stringify({
      connections: { production: { url, protected: true } },
      tenants: { list: ["acme"] },
    }),
  });
  const { project } = await loadProject(folder.path, { trusted: true });
  folder.remove();
  if (project === null) throw new Error("the configuration has errors");
  return project;
}

describe("a protected connection", () => {
  it("wants its name again, also where it is given as a URL", async () => {
    const project = await projectOn("postgresql://owner@127.0.0.1:5432/shop");
    for (const asked of ["production", "postgresql://owner@127.0.0.1:5432/shop"]) {
      const connection = await chooseConnection(project, asked);
      expect(() => requireConfirmation(connection, undefined)).toThrow(UsageError);
      expect(() => requireConfirmation(connection, "prod")).toThrow("add --confirm production");
      expect(() => requireConfirmation(connection, "production")).not.toThrow();
    }
  });
});

describe("a password", () => {
  it("is asked for only after the server refused, and again after a wrong one", async () => {
    await withDatabase(async ({ url }) => {
      const bare = new URL(url);
      const password = decodeURIComponent(bare.password);
      bare.password = "";
      const project = await projectOn(bare.href);
      const connection = await chooseConnection(project, "production");
      const retries: boolean[] = [];
      const target = await openTarget(project, connection, {
        command: "test",
        password: async ({ retry, label }) => {
          expect(label).toContain(bare.host);
          retries.push(retry);
          return retry ? password : "wrong";
        },
      });
      expect(await target.database.session((session) => session.query("select 1 as one"))).toEqual([{ one: 1 }]);
      await target.database.close();
      expect(retries).toEqual([false, true]);
    });
  });

  it("that nobody has ends the opening, as does the third wrong one", async () => {
    await withDatabase(async ({ url }) => {
      const bare = new URL(url);
      bare.password = "";
      const project = await projectOn(bare.href);
      const connection = await chooseConnection(project, "production");
      const refused = { kind: "authentication" };
      await expect(openTarget(project, connection, { command: "test" })).rejects.toMatchObject(refused);
      const nobody = openTarget(project, connection, { command: "test", password: async () => null });
      await expect(nobody).rejects.toMatchObject(refused);
      let asked = 0;
      const wrong = async () => {
        asked += 1;
        return "wrong";
      };
      await expect(openTarget(project, connection, { command: "test", password: wrong })).rejects.toMatchObject(
        refused,
      );
      expect(asked).toBe(3);
    });
  });
});
