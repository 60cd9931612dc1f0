import { Client } from "pg";
import type { FleetOptions, Setting } from "./fleetSetting";

type Print = (line: string) => void;

/** What an application's users notice of a run: queries all the time, and one transaction that stays open for five seconds. */
export async function measureTraffic(setting: Setting, { tenants }: FleetOptions, print: Print): Promise<void> {
  const count = Math.min(tenants, 200);
  print(`traffic: ${count} tenants, 4 clients of their application, one transaction open for 5 s`);
  const schemas = await setting.make("traffic", count);
  const quiet = await traffic(setting, schemas, () => new Promise((done) => setTimeout(done, 5_000)));
  const during = await traffic(setting, schemas, async () => {
    const held = await openTransaction(setting, schemas[Math.floor(count / 2)] ?? "");
    const [measured] = await Promise.all([
      setting.tenantry(["run", "--yes", "--format", "json"], "traffic"),
      new Promise<void>((done) => setTimeout(() => void held().then(done), 5_000)),
    ]);
    const times = measured.lines.flatMap(({ text }) => {
      const event = JSON.parse(text);
      return event.event === "tenant" && event.attempts === 1 ? [event.milliseconds as number] : [];
    });
    return share(times, 0.99);
  });
  const bar = 2 * Math.max(...quiet.latencies) + lockTimeout + (during.result ?? 0);
  print(`  without a run  ${figures(quiet.latencies)}`);
  print(
    `  during it      ${figures(during.latencies)} (bar for the worst ${bar.toFixed(0)} ms); ${during.failures} queries failed (bar 0)`,
  );
}

const lockTimeout = 100;

async function openTransaction(setting: Setting, schema: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: setting.url });
  await client.connect();
  await client.query(`begin; select count(*) from ${schema}.orders`);
  return async () => {
    await client.query("commit");
    await client.end();
  };
}

async function traffic<T>(setting: Setting, schemas: readonly string[], meanwhile: () => Promise<T>) {
  const latencies: number[] = [];
  let failures = 0;
  let isOver = false;
  const user = async (offset: number) => {
    const client = new Client({ connectionString: setting.url });
    await client.connect();
    for (let n = offset; !isOver; n += 4) {
      const schema = schemas[n % schemas.length];
      const began = performance.now();
      try {
        await client.query(
          `begin; update ${schema}.orders set total = total + 1 where id = 1; select count(*) from ${schema}.orders; commit`,
        );
      } catch {
        failures++;
        await client.query("rollback");
      }
      latencies.push(performance.now() - began);
      await new Promise((done) => setTimeout(done, 2));
    }
    await client.end();
  };
  const users = [0, 1, 2, 3].map(user);
  const result = await meanwhile();
  isOver = true;
  await Promise.all(users);
  return { latencies, failures, result };
}

function share(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;
}

function figures(latencies: readonly number[]): string {
  return `p50 ${share(latencies, 0.5).toFixed(1)} ms, p99 ${share(latencies, 0.99).toFixed(1)} ms, worst ${Math.max(...latencies).toFixed(0)} ms of ${latencies.length}`;
}
