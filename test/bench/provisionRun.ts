import { hasPsql, type Setting, withSetting } from "./fleetSetting";
import { createTenant, migrations } from "./fleetShop";

export interface ProvisionOptions {
  readonly cli: string;
  readonly tenants: number;
  readonly rounds: number;
  readonly histories: readonly number[];
  readonly server: string | undefined;
}

/**
 * Makes tenants in turn by whole processes of the command line, by running every migration of the history on an empty schema and by
 * copying the prototype, and by psql on four connections with the statements of the copy, written before: the limit. All write the
 * same catalog rows for the same tables, so that what is gained is what the history did beside it: the longer it is, the more.
 */
export async function measureProvision(options: ProvisionOptions, print: (line: string) => void): Promise<void> {
  const { tenants, rounds, histories } = options;
  const fleet = { ...options, parts: [], idle: 0, long: 0, concurrency: "auto" as const };
  for (const length of histories) {
    await withSetting(fleet, async (setting) => {
      const files = historyOf(length);
      await setting.sql("create schema prototype");
      await setting.tenantry(["run", "--yes"], "none", { files });
      const used = { replay: nothing, provision: nothing, psql: nothing };
      const limit = hasPsql() ? await copyMessage(setting) : null;
      const statements = Object.values(files).join("").split(";\n").length - 1;
      print(`${length} migrations of ${statements} statements, 12 tables and more, ${tenants} tenants`);
      for (let round = 1; round <= rounds; round++) {
        const names = (prefix: string) => namesOf(`${prefix}${length}_${round}`, tenants);
        const ways = [
          async () => {
            used.replay = sum(used.replay, await replay(setting, files, `replayed${length}_${round}`, tenants));
          },
          async () => {
            used.provision = sum(used.provision, await provision(setting, files, `made${length}_${round}`, tenants));
          },
          async () => {
            if (limit !== null)
              used.psql = sum(used.psql, await usedBy(setting, () => setting.psql(names("psql"), { message: limit })));
          },
        ];
        for (const way of round % 2 === 1 ? ways : ways.reverse()) await way();
      }
      const told = ({ milliseconds, cpu }: Used) =>
        `${((tenants * rounds) / (milliseconds / 1_000)).toFixed(1)} tenants/s, ${((cpu * 1_000) / (tenants * rounds)).toFixed(1)} ms CPU a tenant`;
      const ratio = (a: Used, b: Used) =>
        `${(a.milliseconds / b.milliseconds).toFixed(2)} x by the clock, ${(a.cpu / b.cpu).toFixed(2)} x by processor time`;
      print(`  replay    ${told(used.replay)}`);
      print(`  provision ${told(used.provision)}`);
      print(`  ratio     ${ratio(used.replay, used.provision)} (bar 3)`);
      if (limit === null) print("  limit     not measured: psql isn't installed");
      else {
        print(`  limit     ${told(used.psql)}: psql with the copy's statements alone`);
        print(`  of limit  replay ${ratio(used.replay, used.psql)}; provision ${ratio(used.provision, used.psql)}`);
      }
      print(`  unequal   ${await unequalOf(setting)} of ${tenants * rounds}`);
    });
  }
}

/** Time by the clock in milliseconds, and of the processors in seconds, client and server. */
interface Used {
  readonly milliseconds: number;
  readonly cpu: number;
}

const nothing: Used = { milliseconds: 0, cpu: 0 };

function sum(a: Used, b: Used): Used {
  return { milliseconds: a.milliseconds + b.milliseconds, cpu: a.cpu + b.cpu };
}

async function replay(setting: Setting, files: Files, prefix: string, tenants: number): Promise<Used> {
  await setting.sql(
    namesOf(prefix, tenants)
      .map((name) => `create schema ${name};`)
      .join("\n"),
  );
  return usedBy(setting, () => setting.tenantry(["run", "--yes"], prefix, { files }));
}

function provision(setting: Setting, files: Files, prefix: string, tenants: number): Promise<Used> {
  const words = ["provision", ...namesOf(prefix, tenants), "--yes"];
  return usedBy(setting, () => setting.tenantry(words, prefix, { files }));
}

/** The copy's statements as one message for psql. */
async function copyMessage({ sql }: Setting): Promise<(schema: string) => string> {
  const [row] = await sql<{ blueprint: string }>("select tenantry.read_prototype('prototype') as blueprint");
  const statements = (row?.blueprint ?? "").split(";\n");
  return (schema) =>
    `${["begin", `create schema ${schema}`, `set local search_path = ${schema}, pg_catalog`, ...statements, "commit"].join(" \\; ")};\n`;
}

/** Other work on the machine tells less on the processor time than on the clock; a server elsewhere tells none. */
async function usedBy(setting: Setting, work: () => Promise<Used>): Promise<Used> {
  const before = await setting.serverSeconds();
  const { milliseconds, cpu } = await work();
  return { milliseconds, cpu: cpu + (await setting.serverSeconds()) - before };
}

type Files = Readonly<Record<string, string>>;

function namesOf(prefix: string, tenants: number): string[] {
  return Array.from({ length: tenants }, (_, index) => `${prefix}_${String(index).padStart(5, "0")}`);
}

/** How many of the copies the comparison tells from the prototype. */
async function unequalOf({ sql }: Setting): Promise<number> {
  const made = await sql<{ name: string }>("select nspname::text as name from pg_namespace where nspname like 'made%'");
  let equal = 0;
  for (let from = 0; from < made.length; from += 50) {
    const names = made.slice(from, from + 50).map(({ name }) => `'${name}'::regnamespace::oid`);
    const [row] = await sql<{ count: number }>(
      `select count(*)::int as count from tenantry.shape_hashes(array[${names.join(", ")}])
       where hash = (select hash from tenantry.shape_hashes(array['prototype'::regnamespace::oid]))`,
    );
    equal += row?.count ?? 0;
  }
  return made.length - equal;
}

/** A table a file, then the fleet's five migrations, then what comes along in the life of a shop. */
function historyOf(length: number): Files {
  const tables = createTenant("prototype")
    .split("\n")
    .filter((line) => line.startsWith("create table"));
  const texts = [...tables, ...Object.values(migrations)];
  for (let index = 0; texts.length < length; index++) texts.push(life(index));
  return Object.fromEntries(
    texts
      .slice(0, length)
      .map((text, index) => [`V${String(index + 1).padStart(4, "0")}__step.sql`, `${text.trim()}\n`]),
  );
}

function life(index: number): string {
  const table = ["customers", "products", "orders", "invoices", "payments", "users"][index % 6];
  const name = `c${Math.floor(index / 6)}`;
  const steps = [
    `alter table prototype.${table} add column ${name} text;`,
    `alter table prototype.${table} add column ${name} int not null default 0;\nalter table prototype.${table} add constraint ${table}_${name} check (${name} >= 0);`,
    `alter table prototype.${table} add column ${name} numeric(10, 2);\nalter table prototype.${table} alter column ${name} type numeric(12, 2);`,
    `alter table prototype.${table} add column ${name} date;\nalter table prototype.${table} drop column ${name};`,
    `update prototype.${table} set id = id where false;`,
    `create or replace view prototype.seen as select count(*) as n from prototype.${table};`,
  ];
  return steps[index % 6] ?? "";
}
