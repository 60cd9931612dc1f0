import { startProxy } from "../support/proxy";
import type { Measured } from "./fleetProcess";
import { type FleetOptions, hasPsql, type Setting, withSetting } from "./fleetSetting";
import { measureTraffic } from "./fleetTraffic";

type Print = (line: string) => void;

const bars = { ratio: 0.8, megabytes: 150, idle: 0.4, end: 0.9 };

/** Measures whole processes of the command line, start included, against psql where it is installed. */
export async function measureFleet(options: FleetOptions, print: Print): Promise<void> {
  await withSetting(options, async (setting) => {
    const [server] = await setting.sql<{ version: string }>("select current_setting('server_version') as version");
    print(
      `PostgreSQL ${server?.version}, node ${process.version}; psql: ${hasPsql() ? "four connections" : "not installed"}`,
    );
    for (const part of options.parts) {
      if (part === "speed") await measureSpeed(setting, options, 0, print);
      else if (part === "latency") await measureSpeed(setting, options, 5, print);
      else if (part === "idle") await measureIdle(setting, options, print);
      else if (part === "long") await measureLong(setting, options, print);
      else if (part === "traffic") await measureTraffic(setting, options, print);
    }
  });
}

/** In turn, each round on schemas of its own, so that both meet the server in the same state. */
async function measureSpeed(
  setting: Setting,
  { tenants, rounds }: FleetOptions,
  roundTrip: number,
  print: Print,
): Promise<void> {
  const proxy = roundTrip === 0 ? null : await startProxy(setting.port, { delay: roundTrip / 2 });
  const how = proxy === null ? {} : { port: proxy.port };
  const used = { ours: nothing, psql: nothing };
  const name = roundTrip === 0 ? "speed" : `latency${roundTrip}`;
  print(`${name}: ${tenants} tenants x 12 tables, 5 migrations, ${roundTrip} ms of round trip`);
  for (let round = 1; round <= rounds; round++) {
    const ours = `${name}_ours${round}`;
    await setting.make(ours, tenants);
    const theirs = await setting.make(`${name}_psql${round}`, tenants);
    const runOurs = async () => {
      const one = await usedBy(setting, () => setting.tenantry(["run", "--yes", "--format", "json"], ours, how));
      used.ours = sum(used.ours, one);
      print(`  tenantry ${told(tenants, one)}, ${one.megabytes.toFixed(0)} MB (bar ${bars.megabytes} at 1000)`);
    };
    const runTheirs = async () => {
      if (!hasPsql()) return;
      const one = await usedBy(setting, () => setting.psql(theirs, how));
      used.psql = sum(used.psql, one);
      print(`  psql     ${told(tenants, one)}`);
    };
    if (round % 2 === 1) await runOurs();
    await runTheirs();
    if (round % 2 === 0) await runOurs();
  }
  if (used.psql !== nothing) {
    const ratio = (of: (used: Used) => number) => (of(used.psql) / of(used.ours)).toFixed(2);
    print(
      `  ratio    ${ratio(({ milliseconds }) => milliseconds)} x psql by the clock (bar ${bars.ratio}), ${ratio(({ client, server }) => client + server)} x by processor time, ${ratio(({ server }) => server)} x by the server's`,
    );
  }
  await proxy?.close();
}

/** Time by the clock in milliseconds, and of the processors in seconds: other work on the machine tells less on these. */
interface Used {
  readonly milliseconds: number;
  readonly client: number;
  readonly server: number;
}

const nothing: Used = { milliseconds: 0, client: 0, server: 0 };

function sum(a: Used, b: Used): Used {
  return { milliseconds: a.milliseconds + b.milliseconds, client: a.client + b.client, server: a.server + b.server };
}

async function usedBy(setting: Setting, work: () => Promise<Measured>): Promise<Used & { megabytes: number }> {
  const before = await setting.serverSeconds();
  const { milliseconds, cpu, megabytes } = await work();
  return { milliseconds, client: cpu, server: (await setting.serverSeconds()) - before, megabytes };
}

function told(tenants: number, { milliseconds, client, server }: Used): string {
  return `${rate(tenants, milliseconds)}, ${client.toFixed(2)} s CPU, ${server.toFixed(2)} s the server's`;
}

async function measureIdle(setting: Setting, { idle }: FleetOptions, print: Print): Promise<void> {
  print(`idle: ${idle} tenants that are all up to date`);
  await setting.make("idle", 1);
  await setting.tenantry(["run", "--yes"], "idle");
  const names = Array.from({ length: idle }, (_, index) => `idle_x${index}`);
  for (let from = 0; from < idle; from += 500)
    await setting.sql(
      names
        .slice(from, from + 500)
        .map((name) => `create schema ${name};`)
        .join("\n"),
    );
  await setting.sql(`insert into tenantry.history select h.database_id, n.oid, h.kind, h.key, n.nspname, h.name, h.checksum, h.run_id, h.applied_at, h.milliseconds
    from tenantry.history h join pg_namespace o on o.oid = h.schema_id and o.nspname = 'idle_00000' cross join pg_namespace n where n.nspname like 'idle_x%';
    analyze tenantry.history;`);
  for (const words of [["run", "--yes"], ["status"], ["status", "--format", "json"]]) {
    const took: number[] = [];
    let last = { megabytes: 0, cpu: 0 };
    for (let n = 0; n < 5; n++) {
      const { milliseconds, ...rest } = await setting.tenantry(words, "idle");
      took.push(milliseconds / 1000);
      last = rest;
    }
    print(
      `  ${words.join(" ").padEnd(20)} least ${Math.min(...took).toFixed(2)} s, most ${Math.max(...took).toFixed(2)} s (bar ${bars.idle} s), ${last.cpu.toFixed(2)} s CPU, ${last.megabytes.toFixed(0)} MB`,
    );
  }
}

/** Compares the first and the last quarter of a long run, the start left out. */
async function measureLong(setting: Setting, { long }: FleetOptions, print: Print): Promise<void> {
  print(`long: ${long} tenants x 5 tables`);
  await setting.make("long", long, 5);
  const { lines, milliseconds, megabytes, cpu } = await setting.tenantry(["run", "--yes", "--format", "json"], "long");
  const ends = lines.filter(({ text }) => text.startsWith('{"event":"tenant"'));
  const rateOf = (from: number, to: number) =>
    (1000 * (to - from - 1)) / ((ends[to - 1]?.at ?? 0) - (ends[from]?.at ?? 0));
  const quarter = Math.floor(ends.length / 4);
  const parts = [0, 1, 2, 3].map((n) => rateOf(n * quarter, (n + 1) * quarter));
  const memory = [1, 2, 3, 4].map((n) => ends[n * quarter - 1]?.megabytes ?? Number.NaN);
  print(`  ${rate(long, milliseconds)}, ${cpu.toFixed(2)} s CPU, ${megabytes.toFixed(0)} MB at most`);
  print(
    `  by quarter ${parts.map((n) => n.toFixed(0)).join(", ")} tenants/s; ${memory.map((n) => n.toFixed(0)).join(", ")} MB`,
  );
  print(`  end/start  ${((parts[3] ?? 0) / (parts[0] ?? 1)).toFixed(2)} (bar ${bars.end})`);
}

function rate(tenants: number, milliseconds: number): string {
  return `${((1000 * tenants) / milliseconds).toFixed(0).padStart(4)} tenants/s (${(milliseconds / 1000).toFixed(2)} s)`;
}
