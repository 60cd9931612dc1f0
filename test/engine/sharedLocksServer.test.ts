import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { SharedReferences } from "../../server/src/engine/sharedLocks";
import type { LockMode } from "../../server/src/model/locks";
import { analyse } from "../../server/src/sql/analyse";
import { heldLocks } from "../model/heldLocks";
import { withDatabase } from "../support/database";
import { migrationsOf, settings, type Wish } from "./fleet";

const shared = `create table public.plans (id int primary key);
create table public.countries (id int primary key);
create table public.parts (id int) partition by list (id);
create materialized view public.counts as select 1 as id;
create unique index on public.counts (id);`;
const orders = "create table prototype.orders (id int primary key, plan int, country int, total int);";
const keyed = `${orders}\nalter table prototype.orders add constraint of_plan foreign key (plan) references public.plans;`;
/** A partitioned table that only a partition of has a key. */
const payments = [
  "create table prototype.pays (id int, plan int) partition by list (id)",
  "create table prototype.pays_1 partition of prototype.pays for values in (1)",
  "alter table prototype.pays_1 add foreign key (plan) references public.plans",
] as const;
const long = "customer_subscriptions_of_the_former_billing_system";

describe("the shared tables that the last of some migrations is told to lock are those that the server locks for it", () => {
  it.each<[string, ...string[]]>([
    ["a key by its name", keyed, "alter table prototype.orders drop constraint of_plan"],
    [
      "a key that got another name",
      keyed,
      "alter table prototype.orders rename constraint of_plan to plan_of_order",
      "alter table prototype.orders drop constraint plan_of_order",
    ],
    [
      "a key whose table is too long for its name",
      `create table prototype.${long} (subscription_plan int references public.plans)`,
      `alter table prototype.${long} drop constraint customer_subscriptions_of_the_former_bil_subscription_plan_fkey`,
    ],
    [
      "the second key of a column",
      `${orders}\nalter table prototype.orders add foreign key (plan) references public.plans`,
      "alter table prototype.orders add foreign key (plan) references public.countries",
      "alter table prototype.orders drop constraint orders_plan_fkey1",
    ],
    [
      "the second key of a column, behind one to a tenant's own table",
      `${orders}\nalter table prototype.orders add foreign key (plan) references prototype.orders`,
      "alter table prototype.orders add foreign key (plan) references public.countries",
      "alter table prototype.orders drop constraint orders_plan_fkey1",
    ],
    [
      "a key to a shared table that got another name",
      keyed,
      "public: alter table public.plans rename to tariffs",
      "alter table prototype.orders drop column plan",
    ],
    [
      "a key that went with its shared table",
      keyed,
      "public: drop table public.plans cascade",
      "alter table prototype.orders drop column plan",
    ],
    [
      "a shared table without its schema",
      orders,
      "alter table prototype.orders add foreign key (plan) references plans",
    ],
    [
      "a tenant's table without its schema, which has the name of a shared one",
      `create table prototype.plans (id int primary key);\n${orders}`,
      "alter table prototype.orders add foreign key (plan) references plans",
    ],
    [
      "the key of a table whose name is cut as another's",
      `create table prototype.${long}_1 (subscription_plan int references public.countries)`,
      `create table prototype.${long}_2 (subscription_plan int references public.plans)`,
      `alter table prototype.${long}_2 drop constraint customer_subscriptions_of_the_former_bi_subscription_plan_fkey1`,
    ],
    [
      "a key that a partition has already",
      ...payments,
      "alter table prototype.pays add foreign key (plan) references public.plans",
    ],
    ["a key of a partition, with the partitioned table", ...payments, "drop table prototype.pays"],
    [
      "no key that a partition has of its own",
      ...payments,
      "alter table prototype.pays detach partition prototype.pays_1",
    ],
    [
      "a key of a partition, by the partitioned table's column",
      ...payments,
      "alter table prototype.pays rename plan to tariff",
      "alter table prototype.pays drop column tariff",
    ],
    ["a table that its own inherits from", "create table prototype.heir (extra int) inherits (public.plans)"],
    [
      "a table that is a partition of a shared one",
      "create table prototype.part partition of public.parts for values in (1)",
      "drop table prototype.part",
    ],
    [
      "a table that isn't a partition any more",
      "create table prototype.part partition of public.parts for values in (1)",
      "alter table public.parts detach partition prototype.part",
      "drop table prototype.part",
    ],
    ["a shared table that it asks a lock of", "lock table public.plans in exclusive mode"],
    [
      "a shared table that it asks several locks of",
      "lock table public.plans in share update exclusive mode; lock table public.plans in share mode",
    ],
    ["a shared table that it makes an index of", "create index on public.plans (id)"],
    ["a shared table that it only writes to", "lock table public.plans in row exclusive mode"],
    ["a shared materialized view", "refresh materialized view public.counts"],
    ["a shared materialized view that stays readable", "refresh materialized view concurrently public.counts"],
    [
      "a partition of a shared table",
      "create table prototype.part (id int)",
      "alter table public.parts attach partition prototype.part for values in (1)",
    ],
    [
      "a table that has the name of a shared one",
      "create table prototype.plans (country int references public.countries)",
      "public: alter table public.plans rename to tariffs",
      "drop table prototype.plans",
    ],
  ])("%s", async (_, ...texts) => {
    const files: Record<string, string> = { "public/V1__shared.sql": shared };
    for (const [index, text] of texts.entries()) {
      const [scope, sql] = text.startsWith("public: ") ? ["public", text.slice("public: ".length)] : ["tenant", text];
      files[`${scope}/V${index + 2}__x.sql`] = `${sql};`;
    }
    expect(await toldOf(files)).toEqual(await takenBy(files));
  });
});

async function toldOf(files: Wish["files"]): Promise<[string, LockMode][]> {
  const references = new SharedReferences(settings);
  let told: [string, LockMode][] = [];
  for (const migration of migrationsOf(files)) {
    const { statements } = await analyse(migration.text, settings.dialect);
    told = references.follow(migration, statements).map(({ table, mode }) => [table, mode]);
  }
  return told;
}

/** What the server locks of the tables in the public schema that are there before. */
function takenBy(files: Wish["files"]): Promise<[string, LockMode][]> {
  return withDatabase(async ({ url }) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query("create schema prototype; set search_path = prototype, public");
      const texts = migrationsOf(files).map(({ text }) => text);
      for (const text of texts.slice(0, -1)) await client.query(text);
      const { rows } = await client.query<{ oid: number; relname: string }>(
        "select oid, relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'm')",
      );
      await client.query(`begin; ${texts.at(-1)}`);
      return await heldLocks(client, new Map(rows.map(({ oid, relname }) => [oid, relname])));
    } finally {
      await client.end();
    }
  });
}
