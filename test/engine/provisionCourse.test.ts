import { describe, expect, it } from "vitest";
import type { Database } from "../../server/src/db/database";
import { compare, provision, provisionMany, schemas, withSmall } from "./provisioning";

describe("the course of provisioning", () => {
  it("gives the tenant the prototype's history, and says who made it", async () => {
    await withSmall(async (fleet) => {
      await provision(fleet, "acme");
      const history =
        await fleet.sql(`select kind, key, schema_name, checksum, schema_id = 'acme'::regnamespace as own, milliseconds
        from tenantry.history where schema_name = 'acme' order by key`);
      expect(history).toEqual(
        [
          ["versioned", "10"],
          ["versioned", "9"],
          ["repeatable", "views"],
        ].map(([rowKind, key]) => ({
          kind: rowKind,
          key,
          schema_name: "acme",
          checksum: "abc",
          own: true,
          milliseconds: 0,
        })),
      );
      expect(
        await fleet.sql(`select d.kind, d.schema_name, d.user_name, d.id = h.run_id as of_history from tenantry.decisions d
          join tenantry.history h on h.schema_id = d.schema_id and h.key = '9'`),
      ).toEqual([{ kind: "provision", schema_name: "acme", user_name: "postgres", of_history: true }]);
    });
  });

  it("takes a schema that was made before, and is empty", async () => {
    await withSmall(async (fleet) => {
      await provision(fleet, "acme");
      expect(await fleet.sql("select count(*)::int as n from acme.orders")).toEqual([{ n: 0 }]);
    }, "create schema acme;");
  });

  it("makes a name once, whoever asks for it, and tells the others", async () => {
    await withSmall(async (fleet) => {
      const asked = await Promise.allSettled(Array.from({ length: 4 }, () => provision(fleet, "acme")));
      expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const one of asked)
        if (one.status === "rejected")
          expect(String(one.reason)).toMatch(/Another session is making the tenant "acme"|is there already/);
      expect(await fleet.sql("select count(*)::int as n from tenantry.history where schema_name = 'acme'")).toEqual([
        { n: 3 },
      ]);
    });
  });

  it("waits for no migration of the prototype, and tries again when it is over", async () => {
    await withSmall(async (fleet) => {
      await fleet.database.session(async (session) => {
        await session.script(
          "begin; select pg_advisory_xact_lock((x'746e6e74'::bigint << 32) | 'prototype'::regnamespace::oid::bigint);",
        );
        await expect(provision(fleet, "acme")).rejects.toThrow('The schema "prototype" is being migrated right now.');
        const made = provisionMany(fleet, ["acme"]);
        await session.script("select pg_sleep(0.2); commit;");
        expect(await made).toEqual([{ tenant: "acme", outcome: "applied", version: "10" }]);
      });
    });
  });

  it("reads the prototype again where somebody changes it after it was read", async () => {
    await withSmall(async (fleet) => {
      const [row] = await fleet.sql<{ blueprint: string }>("select tenantry.read_prototype('prototype') as blueprint");
      await fleet.sql("alter table prototype.orders add column placed date");
      const stale = fleet.database.session((session) =>
        session.query("select tenantry.provision_by($1::text, array['acme'], 'prototype')", [row?.blueprint]),
      );
      await expect(stale).rejects.toThrow("did not become equal to it: column placed of orders, table orders");

      const database: Database = {
        ...fleet.database,
        session: (use) =>
          fleet.database.session((session) =>
            use({
              ...session,
              async script<Row extends object>(text: string) {
                const rows = await session.script<Row>(text);
                if (text.includes("read_prototype"))
                  await session.script("alter table prototype.orders add column if not exists weight numeric");
                return rows;
              },
            }),
          ),
      };
      const results = await provisionMany({ ...fleet, database }, ["a1", "a2"]);
      expect(results.map(({ outcome }) => outcome)).toEqual(["applied", "applied"]);
      await fleet.database.session(async (session) => {
        expect(await compare(session, "a2")).toMatchObject({ equal: [{ name: "a2" }], groups: [] });
      });
    });
  });

  it("goes with the caller's transaction", async () => {
    await withSmall(async (fleet) => {
      await fleet.database.session(async (session) => {
        await session.script("begin; select tenantry.provision('acme'); rollback;");
      });
      expect(await schemas(fleet)).toEqual(["prototype", "public"]);
      expect(await fleet.sql("select current_setting('search_path') as path")).toEqual([{ path: '"$user", public' }]);
    });
  });

  it("begins no more tenants when it is told to stop", async () => {
    await withSmall(async (fleet) => {
      const stop = new AbortController();
      stop.abort();
      const results = await provisionMany(fleet, ["a1", "a2"], stop.signal);
      expect(results.map(({ outcome }) => outcome)).toEqual(["cancelled", "cancelled"]);
    });
  });

  it("works for an application's role by a function of the owner's", async () => {
    await withSmall(async (fleet) => {
      const role = `app_${(await fleet.sql<{ name: string }>("select current_database()::text as name"))[0]?.name}`;
      await fleet.sql(`create role ${role}; grant usage on schema public to ${role};
        create function public.sign_up(tenant text) returns text language plpgsql security definer set search_path = pg_catalog, pg_temp
          as $$ begin return tenantry.provision(tenant); end $$;`);
      await fleet.database.session(async (session) => {
        await session.script(`set role ${role}`);
        await expect(session.query("select tenantry.provision('acme')")).rejects.toThrow(
          "permission denied for schema tenantry",
        );
        expect(await session.query("select public.sign_up('acme') as version")).toEqual([{ version: "10" }]);
        await session.script("reset role");
      });
      await fleet.sql(`drop owned by ${role}; drop role ${role}`);
    });
  });
});
