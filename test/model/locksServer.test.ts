import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LockMode, locksOf } from "../../server/src/model/locks";
import { actionsOf } from "../../server/src/sql/actions";
import { analyse } from "../../server/src/sql/analyse";
import { createDatabase, type TestDatabase } from "../support/database";
import { heldLocks, inOrder, stronger } from "./heldLocks";

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await createDatabase();
  await database.sql(`
    create table a (id int primary key, b_id int, c text, n int not null, ts timestamp, constraint a_check check (n > 0));
    create table b (id int primary key);
    alter table a add constraint a_open check (id > 0) not valid;
    create table parts (id int) partition by range (id);
    create table parts_1 partition of parts for values from (0) to (10);
    create table loose (id int);
    create table kind (id int);
    create table child () inherits (kind);
    create unique index a_b on a (b_id);
    create function f() returns trigger language plpgsql as 'begin return new; end';
    create trigger a_t before insert on a for each row execute function f();
    create policy a_p on a using (true);
    create rule a_r as on delete to a do also nothing;
    create materialized view m as select id from a;
    create unique index m_id on m (id);
    create schema other;`);
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

describe("the locks that are told are those that the server takes", () => {
  it.each([
    "create table x (id int references b (id))",
    "create table x partition of parts for values from (10) to (20)",
    "create table x (like a including all)",
    "create table x () inherits (b, loose)",
    "alter table loose inherit kind",
    "alter table a add column x int",
    "alter table a add column x int references b (id)",
    "alter table a add foreign key (b_id) references b (id)",
    "alter table a add foreign key (b_id) references b (id) not valid",
    "alter table a add check (n > 1) not valid",
    "alter table a add unique (n)",
    "alter table a add unique using index a_b",
    "alter table a add exclude (n with =)",
    "alter table a drop column c",
    "alter table a rename column c to d",
    "alter table a rename constraint a_check to a_checked",
    "alter table a rename to z",
    "alter table a set schema other",
    "alter table a alter column n type bigint",
    "alter table a alter column c set default ''",
    "alter table a alter column c drop default",
    "alter table a alter column n drop not null",
    "alter table a alter column c set not null",
    "alter table a alter column n add generated always as identity",
    "alter table a alter column n set statistics 5",
    "alter table a alter column n set (n_distinct = 5)",
    "alter table a alter column c set storage external",
    "alter table a validate constraint a_open",
    "alter table a drop constraint a_check",
    "alter table a disable trigger a_t",
    "alter table a enable replica trigger a_t",
    "alter table a enable rule a_r",
    "alter table a disable rule a_r",
    "alter table a enable replica rule a_r",
    "alter table a enable always rule a_r",
    "alter table a set without oids",
    "alter table a set access method heap",
    "alter table a alter column c set compression pglz",
    "alter table a alter n set not null, alter n set statistics 5",
    "alter table only a set (fillfactor = 70)",
    "alter table a force row level security",
    "alter table child no inherit kind",
    "alter policy a_p on a using (false)",
    "alter policy a_p on a rename to a_q",
    "alter trigger a_t on a rename to a_u",
    "alter rule a_r on a rename to a_s",
    "alter table a add column x bigserial",
    "alter materialized view m rename to mm",
    "alter materialized view m set schema other",
    "drop materialized view m",
    "alter table a enable row level security",
    "alter table a set (fillfactor = 70)",
    "alter table a reset (fillfactor)",
    "alter table a cluster on a_b",
    "alter table a set without cluster",
    "alter table a set unlogged",
    "alter table a replica identity full",
    "alter table a owner to current_user",
    "alter table parts attach partition loose for values from (20) to (30)",
    "alter table parts detach partition parts_1",
    "create index on a (n)",
    "create trigger x before insert on a for each row execute function f()",
    "create policy x on a using (true)",
    "create rule x as on update to a do also nothing",
    "drop table loose",
    "drop trigger a_t on a",
    "drop policy a_p on a",
    "drop rule a_r on a",
    "truncate loose",
    "lock table a",
    "lock table a, b in share row exclusive mode",
    "cluster a using a_b",
    "reindex table a",
    "refresh materialized view m",
    "refresh materialized view concurrently m",
    "create statistics x on n, b_id from a",
  ])("%s", async (sql) => {
    const { statements } = await analyse(sql, "postgresql");
    const told = new Map<string, LockMode>();
    for (const statement of statements) {
      for (const action of actionsOf(sql, statement, "postgresql")) {
        for (const { table, mode } of locksOf(action, "postgresql"))
          told.set(table.name, stronger(told.get(table.name), mode));
      }
    }
    expect([sql, ...inOrder(told)]).toEqual([sql, ...(await locksTaken(sql))]);
  });
});

/** What the server locks of the tables that are there before. */
async function locksTaken(sql: string): Promise<[string, LockMode][]> {
  await client.query("begin");
  try {
    const { rows } = await client.query<{ oid: number; relname: string }>(
      "select oid, relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'm')",
    );
    await client.query(sql);
    return await heldLocks(client, new Map(rows.map(({ oid, relname }) => [oid, relname])));
  } finally {
    await client.query("rollback");
  }
}
