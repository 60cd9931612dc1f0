import { describe, expect, it } from "vitest";
import { planJson } from "./contract";
import { names, orders, withFleet } from "./fleet";

const tenants = names.slice(0, 3);
const path = "migrations/tenant/0002_orders.sql";

describe("repair", () => {
  it("accepts a changed file with a reason, says where it was applied and by whom, and records it", async () => {
    await withFleet(
      async ({ run, write, database }) => {
        expect((await run("run")).code).toBe(0);
        write(path, `-- A table.\n${orders}`);
        write("migrations/tenant/0003_more.sql", "CREATE TABLE prototype.more (id int);\n");
        const refused = await run("plan", "--format", "json");
        const { refusals } = planJson.parse(JSON.parse(refused.out));
        expect([refused.code, refusals]).toMatchObject([
          1,
          [
            {
              code: "changed-migration",
              file: path,
              message: expect.stringContaining(`tenantry repair ${path} --reason`),
            },
          ],
        ]);
        expect((await run("status")).out).toContain(`changed after they were applied: ${path}`);
        expect((await run("repair")).code).toBe(2);
        expect((await run("repair", "0009", "--reason", "x")).code).toBe(2);

        const { code, out } = await run("repair", path, "--reason", "a comment");
        expect(code).toBe(0);
        expect(out).toMatch(
          /applied {2}[0-9a-f]{64}\n {2}now {6}[0-9a-f]{64}\n {2}in {7}4 schemas: prototype, shop_01/,
        );
        expect(out).toMatch(/by {7}\S+ on \S+, \d{4}-/);
        expect((await run("plan")).code).toBe(0);
        const decisions = await database.sql(
          "select schema_name, key, old_checksum <> new_checksum as changed, reason from tenantry.decisions where kind = 'repair' order by 1",
        );
        expect(decisions).toEqual(
          ["prototype", ...tenants].map((schema_name) => ({
            schema_name,
            key: "0002",
            changed: true,
            reason: "a comment",
          })),
        );
        const again = await run("repair", "0002", "--reason", "x", "--format", "json");
        expect([again.code, JSON.parse(again.out)]).toEqual([0, { repaired: [] }]);
      },
      { tenants },
    );
  });

  it("is wanted for a file that others have as it was, too", async () => {
    await withFleet(
      async ({ run, write }) => {
        expect((await run("run", "--tenants", "shop_01")).code).toBe(0);
        write(path, `-- A table.\n${orders}`);
        const refused = await run("run", "--tenants", "shop_02");
        expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("(changed-migration)")]);
        expect((await run("repair", "0002", "--reason", "a comment")).code).toBe(0);
        expect((await run("run", "--tenants", "shop_02")).code).toBe(0);
      },
      { tenants },
    );
  });

  it("asks for a protected connection's name", async () => {
    await withFleet(
      async ({ run, write, database }) => {
        expect((await run("run", "--confirm", "server")).code).toBe(0);
        write(path, `-- A table.\n${orders}`);
        expect((await run("repair", "--reason", "x")).code).toBe(2);
        expect(await database.sql("select 1 from tenantry.decisions")).toEqual([]);
        expect((await run("repair", "--reason", "x", "--confirm", "server")).code).toBe(0);
      },
      {
        tenants,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is filled by the program
        configuration: { connections: { server: { url: "${env:TEST_DATABASE}", protected: true } } },
      },
    );
  });
});
