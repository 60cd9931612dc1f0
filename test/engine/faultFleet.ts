import { expect } from "vitest";
import { type Fleet, makeSchemas, run, type Wish } from "./fleet";

const mark = (what: string) => `insert into prototype.marks values ('${what}');`;

/** Files of every kind, of which each statement leaves a mark. */
export const files: Wish["files"] = {
  "tenant/V1__tables.sql": `create table prototype.marks (what text);\ncreate table prototype.a (id int);\n${mark("1")}`,
  "tenant/V2__more.sql": `${mark("2")}\nselect pg_sleep(0.003);`,
  "tenant/V3__outside.sql": `-- tenantry: no-transaction\n${mark("3a")}\ncreate index concurrently a_id on prototype.a (id);\n${mark("3b")}`,
  "tenant/V4__last.sql": `alter table prototype.a add column note text;\n${mark("4")}`,
};

/** The same as messages alone, of which a worker has several underway: with one worker enough tenants are left for that. */
const messages: Wish = {
  files: {
    ...files,
    "tenant/V3__outside.sql": `${mark("3a")}\ncreate index a_id on prototype.a (id);\n${mark("3b")}`,
  },
  options: { concurrency: 1 },
};

/** What is run in turn. */
export const wishes: readonly Wish[] = [messages, { files }];

/** How many tenants there are unless a test wants more. */
const few = 5;

/** Makes everything as it was before the first run. */
export async function reset(fleet: Fleet, tenants = few): Promise<void> {
  const [before] = await fleet.sql<{ schemas: string | null }>(
    "select string_agg(nspname, ', ') as schemas from pg_namespace where nspname ~ '^(tenantry|prototype|t[0-9]+)$'",
  );
  if (before?.schemas) await fleet.sql(`drop schema ${before.schemas} cascade`);
  await makeSchemas(fleet, tenants);
}

/** That nothing was done by halves or twice, and that the records claim exactly what the catalog shows. */
export async function expectExact({ sql }: Fleet, tenants = few): Promise<void> {
  for (const schema of ["prototype", ...names(tenants)]) {
    const [at] = await sql<State>(
      `select to_regclass('${schema}.marks') is not null as begun, to_regclass('${schema}.a_id') is not null as index,
         exists (select from pg_attribute where attrelid = to_regclass('${schema}.a') and attname = 'note') as note,
         coalesce((select indisvalid from pg_index where indexrelid = to_regclass('${schema}.a_id')), false) as valid`,
    );
    if (at === undefined) throw new Error("The catalog gave no answer.");
    const marks = at.begun
      ? (await sql<{ what: string }>(`select what from ${schema}.marks order by 1`)).map(({ what }) => what)
      : [];
    const [installed] = await sql<{ yes: boolean }>("select to_regclass('tenantry.claims') is not null as yes");
    const keys = installed?.yes ? await keysOf(sql, schema) : [];
    const claim = installed?.yes ? await claimOf(sql, schema) : null;
    const outside = outsideOf(keys, claim);
    const expected = [
      ...(keys.includes("1") ? ["1", "2"] : []),
      ...(outside > 0 ? ["3a"] : []),
      ...(outside > 2 ? ["3b"] : []),
      ...(keys.includes("4") ? ["4"] : []),
    ];
    const told = { schema, marks, begun: at.begun, two: keys.includes("2"), note: at.note };
    expect(told).toEqual({
      ...told,
      marks: expected,
      begun: keys.includes("1"),
      two: keys.includes("1"),
      note: keys.includes("4"),
    });
    // While its statement is open, an index may be there in any state.
    if (outside > 1) expect({ schema, valid: at.valid }).toEqual({ schema, valid: true });
    else if (claim?.begun !== true) expect({ schema, index: at.index }).toEqual({ schema, index: false });
  }
}

/** That the next run does all that is missing. */
export async function expectCompletion(fleet: Fleet, wish: Wish = { files }, tenants = few): Promise<void> {
  const { summary } = await run(fleet, wish);
  expect(summary.failures).toEqual([]);
  expect(summary.counts).toMatchObject({ failed: 0, cancelled: 0, skipped: 0 });
  await expectAllDone(fleet, tenants);
}

export async function expectAllDone(fleet: Fleet, tenants = few): Promise<void> {
  await expectExact(fleet, tenants);
  expect(await fleet.sql("select count(*)::int as rows from tenantry.history")).toEqual([{ rows: 4 * (tenants + 1) }]);
  expect(await fleet.sql("select * from tenantry.claims")).toEqual([]);
}

interface State {
  readonly begun: boolean;
  readonly index: boolean;
  readonly note: boolean;
  readonly valid: boolean;
}

interface Claim {
  readonly statement: number;
  readonly begun: boolean;
}

/** How many statements of the file outside a transaction are done. */
function outsideOf(keys: readonly string[], claim: Claim | null): number {
  return keys.includes("3") ? 3 : (claim?.statement ?? 0);
}

async function keysOf(sql: Fleet["sql"], schema: string): Promise<string[]> {
  const rows = await sql<{ key: string }>(
    `select key from tenantry.history where schema_id = '${schema}'::regnamespace`,
  );
  return rows.map(({ key }) => key);
}

async function claimOf(sql: Fleet["sql"], schema: string): Promise<Claim | null> {
  const [row] = await sql<Claim>(
    `select statement, begun from tenantry.claims where schema_id = '${schema}'::regnamespace`,
  );
  return row ?? null;
}

function names(tenants: number): string[] {
  return Array.from({ length: tenants }, (_, index) => `t${String(index + 1).padStart(2, "0")}`);
}
