import { type Setting, withSetting } from "./fleetSetting";
import { createTenant, migrations } from "./fleetShop";

export interface ProvisionOptions {
  readonly cli: string;
  readonly tenants: number;
  readonly rounds: number;
  readonly histories: readonly number[];
  readonly server: string | undefined;
}

/**
 * Makes tenants by whole processes of the command line, in turn: by running every migration of the history on an empty schema,
 * and by copying the prototype. Both write the same catalog rows for the same tables, so that what is gained is what the
 * history did beside it: the longer it is, the more.
 */
export async function measureProvision(options: ProvisionOptions, print: (line: string) => void): Promise<void> {
  const { tenants, rounds, histories } = options;
  const fleet = { ...options, parts: [], idle: 0, long: 0, concurrency: "auto" as const };
  for (const length of histories) {
    await withSetting(fleet, async (setting) => {
      const files = historyOf(length);
      await setting.sql("create schema prototype");
      await setting.tenantry(["run", "--yes"], "none", { files });
      const used = { replay: nothing, provision: nothing };
      print(`${length} migrations, 12 tables and more, ${tenants} tenants`);
      for (let round = 1; round <= rounds; round++) {
        const ways = [
          async () => {
            used.replay = sum(used.replay, await replay(setting, files, `replayed${length}_${round}`, tenants));
          },
          async () => {
            used.provision = sum(used.provision, await provision(setting, files, `made${length}_${round}`, tenants));
          },
        ];
        for (const way of round % 2 === 1 ? ways : ways.reverse()) await way();
      }
      const told = ({ milliseconds, cpu }: Used) =>
        `${((tenants * rounds) / (milliseconds / 1_000)).toFixed(1)} tenants/s, ${((cpu * 1_000) / (tenants * rounds)).toFixed(1)} ms CPU a tenant`;
      print(`  replay    ${told(used.replay)}`);
      print(`  provision ${told(used.provision)}`);
      const ratio = (what: keyof Used) => (used.replay[what] / used.provision[what]).toFixed(2);
      print(`  ratio     ${ratio("milliseconds")} x by the clock, ${ratio("cpu")} x by processor time (bar 3)`);
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
  const [row] = await sql<{ count: number }>(
    `select count(*)::int as count from tenantry.shape_hashes(array(select oid from pg_namespace where nspname like 'made%'))
     where hash <> (select hash from tenantry.shape_hashes(array['prototype'::regnamespace::oid]))`,
  );
  return row?.count ?? 0;
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
