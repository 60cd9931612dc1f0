import { describe, expect, it } from "vitest";
import type { Session } from "../../server/src/db/database";
import { install } from "../../server/src/engine/installation";
import { type Comparison, compareWithPrototype } from "../../server/src/engine/shape/comparison";
import type { NamedSchema } from "../../server/src/engine/shape/shape";
import { onServer } from "./databases";
import type { Fleet } from "./fleet";
import { parted, prototypeSql, rareSql, rolesSql, sharedSql, sqlFor } from "./prototype";
import { rareMutations } from "./rareMutations";
import { mutations } from "./shapeMutations";

async function withTwins(
  names: readonly string[],
  use: (fleet: Fleet) => Promise<void>,
  [shared, prototype] = [sharedSql, prototypeSql],
): Promise<void> {
  await onServer(async (fleet) => {
    await fleet.sql(`${rolesSql}\n${shared}`);
    for (const text of [prototype, ...names.map((name) => sqlFor(name, prototype))]) {
      await fleet.sql(text.replaceAll(/^insert into public.*$/gm, "").replaceAll(/^insert into .*customers.*$/gm, ""));
    }
    await install(fleet.database);
    await use(fleet);
  });
}

async function compareIn(session: Session, ...names: string[]): Promise<Comparison> {
  const rows = await session.query<NamedSchema>("select nspname::text as name, oid::int as id from pg_namespace");
  const schemaOf = (name: string) => rows.find((row) => row.name === name) as NamedSchema;
  return compareWithPrototype(session, schemaOf("prototype"), names.map(schemaOf));
}

const compare = ({ database }: Fleet, ...names: string[]) =>
  database.session((session) => compareIn(session, ...names));

const messages = ({ groups }: Comparison) =>
  groups.map(({ differences, dependencies }) => [...differences, ...dependencies].map(({ message }) => message));

describe("comparing schemas", () => {
  it("finds a schema equal that was made by the same statements under another name", async () => {
    await withTwins(["acme", "o"], async (fleet) => {
      const comparison = await compare(fleet, "acme", "o");
      expect(messages(comparison)).toEqual([]);
      expect(comparison.equal.map(({ name }) => name).sort()).toEqual(["acme", "o"]);
      expect(comparison.prototypeDependencies).toEqual([]);
    });
  });

  it.each([
    ["what there is usually", [sharedSql, prototypeSql], mutations],
    ["what is seldom", parted(rareSql), rareMutations],
  ] as const)(
    "names whatever differs, and what depends on the prototype, in %s",
    async (_, [shared, prototype], changes) => {
      await withTwins(
        ["acme"],
        async ({ database }) => {
          for (const [sql, ...expected] of changes) {
            const told = await database.session(async (session) => {
              try {
                await session.script(`begin; ${sql};`);
                return messages(await compareIn(session, "acme")).flat();
              } catch (error) {
                return [String(error)];
              } finally {
                await session.script("rollback");
              }
            });
            for (const message of expected) expect.soft(told, sql).toContainEqual(expect.stringContaining(message));
            expect.soft(told.length, `${sql}: ${told.join("; ")}`).toBeLessThanOrEqual(expected.length + 2);
          }
        },
        [shared, prototype],
      );
    },
  );

  it("finds equal what is seldom and was made by the same statements", async () => {
    const use = async (fleet: Fleet) => {
      const comparison = await compare(fleet, "acme", "o");
      expect(messages(comparison)).toEqual([]);
      expect(comparison.equal.map(({ name }) => name).sort()).toEqual(["acme", "o"]);
    };
    await withTwins(["acme", "o"], use, parted(rareSql));
  });

  it("puts tenants together that differ in the same way", async () => {
    await withTwins(["acme", "globex", "initech", "umbrella"], async (fleet) => {
      await fleet.sql(
        "drop index globex.orders_state; drop index umbrella.orders_state; alter table acme.orders add note text",
      );
      const { equal, groups } = await compare(fleet, "acme", "globex", "initech", "umbrella");
      expect(equal.map(({ name }) => name)).toEqual(["initech"]);
      expect(groups.map(({ tenants }) => tenants.map(({ name }) => name))).toEqual([["globex", "umbrella"], ["acme"]]);
    });
  });
});
