import { describe, expect, it } from "vitest";
import { planJson, runLines } from "./contract";
import { names, withFleet } from "./fleet";

const tenants = names.slice(0, 2);

describe("a role that may not write the records", () => {
  it("is told which, and by which statement it may, before anything is done", async () => {
    await withFleet(
      async ({ run, runAs, write, database }) => {
        const role = `${database.name}_reader`;
        await database.sql(`create role ${role} login password 'secret'; grant usage on schema public to ${role};
          grant select on public.tenants to ${role}`);
        try {
          const first = await runAs(role, "run");
          expect([first.code, first.err]).toEqual([
            1,
            expect.stringContaining(`create schema tenantry authorization "${role}";`),
          ]);

          expect((await run("run")).code).toBe(0);
          write("migrations/tenant/0003_more.sql", "CREATE TABLE prototype.more (id int);\n");
          const blind = await runAs(role, "status", "--format", "json");
          expect([blind.code, blind.err]).toEqual([
            1,
            expect.stringContaining(`grant usage on schema tenantry to "${role}"`),
          ]);
          const unseen = await runAs(role, "runs");
          expect([unseen.code, unseen.err]).toEqual([1, expect.stringContaining(`to "${role}";`)]);
          await database.sql(
            `grant usage on schema tenantry to ${role}; grant select on all tables in schema tenantry to ${role}`,
          );
          expect((await runAs(role, "status")).code).toBe(0);
          const plan = planJson.parse(JSON.parse((await runAs(role, "plan", "--format", "json")).out));
          expect(plan.refusals).toMatchObject([
            {
              code: "no-write-access",
              message: expect.stringContaining(
                `grant select, insert, update, delete on all tables in schema tenantry to "${role}";`,
              ),
            },
          ]);
          const refused = await runAs(role, "run", "--format", "json");
          expect([refused.code, refused.err]).toEqual([1, ""]);
          expect(runLines(refused.out)).toMatchObject([{ event: "plan", refusals: [{ code: "no-write-access" }] }]);
          const skip = await runAs(role, "skip", "shop_01", "--reason", "x");
          expect([skip.code, skip.err]).toEqual([1, expect.stringContaining(`to "${role}";`)]);
          const stop = await runAs(role, "runs", "--stop");
          expect([stop.code, stop.err]).toEqual([1, expect.stringContaining(`to "${role}";`)]);
        } finally {
          await database.sql(`drop owned by ${role}; drop role ${role}`);
        }
      },
      { tenants },
    );
  });
});
