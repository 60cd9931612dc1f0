import { type Database, DatabaseError, type FaultKind, type Session } from "../../db/database";
import type { RunOptions } from "../../model/runOptions";
import type { Failure, Outcome } from "../events";
import { literal } from "../guards";
import { createQueue, pause, pauseBefore, type Queue } from "../queue";
import { createReader, type Reader, transaction } from "./reader";
import { provisionCodes } from "./reading";

/** What became of one tenant. */
export interface Provisioned {
  readonly tenant: string;
  readonly outcome: Extract<Outcome, "applied" | "failed" | "cancelled">;
  /** The version that it is at. */
  readonly version: string | null;
  readonly error?: Pick<Failure, "code" | "message">;
}

export interface ProvisionWish {
  readonly tenants: readonly string[];
  readonly prototype: string;
  readonly options: RunOptions;
  /** Told as soon as it is known what became of a tenant. */
  readonly settle: (provisioned: Provisioned) => void;
  /** Begins no more tenants. */
  readonly stop: AbortSignal;
}

/**
 * Makes tenants from the prototype, each in a transaction that also proves it equal; a few share one. One that fails takes none
 * with it. The functions of the schema `tenantry` must be there.
 * @throws DatabaseError where the database can't be worked with any more
 */
export async function provisionTenants(database: Database, wish: ProvisionWish): Promise<void> {
  const { together, alone } = await database.session((session) => sizesOf(session, wish.prototype));
  const wanted = wish.options.concurrency === "auto" ? 4 : wish.options.concurrency;
  // Foreign keys to shared tables lock these: workers would only wait for each other, in front of everybody else.
  const workers = alone ? 1 : Math.max(1, Math.min(wanted, database.abilities.sessions - 1));
  const share = Math.max(1, Math.ceil(wish.tenants.length / workers));
  const queue = createQueue(chunksOf(wish.tenants, Math.min(together, share)));
  const reader = createReader(wish.prototype, wish.options);
  await Promise.all(Array.from({ length: workers }, () => work(database, { ...wish, reader }, queue)));
  for (const { tenants } of queue.drain()) {
    for (const tenant of tenants) wish.settle({ tenant, outcome: "cancelled", version: null });
  }
}

/** Tenants that are made in one transaction. */
interface Chunk {
  readonly tenants: readonly string[];
  attempts: number;
  /** The prototype was read once more since they failed. */
  readonly again: boolean;
}

interface Work extends ProvisionWish {
  readonly reader: Reader;
}

/**
 * So many tenants share a transaction that the locks of two hundred tables do, and never more than twenty: planning what makes and
 * proves is done once for all of them. Those that keep shared tables locked are fewer.
 */
async function sizesOf(session: Session, prototype: string): Promise<{ together: number; alone: boolean }> {
  const [row] = await session.query<{ relations: number; shared: boolean }>(
    `select count(*)::int as relations, exists (
       select from pg_catalog.pg_constraint c join pg_catalog.pg_class r on r.oid = c.confrelid
       where c.contype = 'f' and c.connamespace = n.oid and r.relnamespace <> n.oid) as shared
     from pg_catalog.pg_namespace n left join pg_catalog.pg_class t on t.relnamespace = n.oid where n.nspname = $1::text group by n.oid`,
    [prototype],
  );
  const alone = row?.shared ?? true;
  return { together: Math.max(1, Math.min(alone ? 5 : 20, Math.floor(500 / (row?.relations ?? 1)))), alone };
}

function chunksOf(tenants: readonly string[], size: number): Chunk[] {
  return Array.from({ length: Math.ceil(tenants.length / size) }, (_, index) => ({
    tenants: tenants.slice(index * size, (index + 1) * size),
    attempts: 1,
    again: false,
  }));
}

async function work(database: Database, wish: Work, queue: Queue<Chunk>): Promise<void> {
  let chunk = await queue.take(wish.stop);
  while (chunk !== undefined) {
    const held = chunk;
    try {
      chunk = await database.session(async (session) => {
        await make(session, wish, queue, held);
        return queue.take(wish.stop);
      });
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.kind !== "connection" || held.attempts > mostLosses) throw error;
      held.attempts++;
      await pause(pauseBefore(held.attempts));
      const rest = await withoutMade(database, wish, held);
      chunk = rest.tenants.length > 0 ? rest : await queue.take(wish.stop);
    }
  }
}

const mostLosses = 6;

async function make(session: Session, wish: Work, queue: Queue<Chunk>, chunk: Chunk): Promise<void> {
  let blueprint = "";
  try {
    blueprint = await wish.reader.read(session);
    const rows = await session.script<Made>(
      transaction(wish.options, making(blueprint, chunk.tenants, wish.prototype)),
    );
    for (const { tenant, version } of rows) wish.settle({ tenant, outcome: "applied", version });
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.kind === "connection") throw error;
    await session.script("rollback").catch(() => undefined);
    const passes = error.code === provisionCodes.busy || passing.has(error.kind);
    if (passes && chunk.attempts <= wish.options.retries) {
      queue.putBack({ ...chunk, attempts: chunk.attempts + 1 }, pauseBefore(chunk.attempts));
    } else if (ofPrototype.has(error.code) || (chunk.tenants.length === 1 && (passes || chunk.again))) {
      for (const tenant of chunk.tenants) wish.settle(failed(tenant, error));
    } else {
      // One of them is the cause, or the prototype is another one by now.
      if (!passes) wish.reader.forget(blueprint);
      for (const tenant of chunk.tenants) queue.putBack({ tenants: [tenant], attempts: 1, again: !passes }, 0);
    }
  }
}

interface Made {
  readonly tenant: string;
  readonly version: string | null;
}

const passing = new Set<FaultKind>(["lock-timeout", "deadlock", "serialization", "concurrent-update"]);

/** What no tenant can be made with. */
const ofPrototype = new Set<string | null>([provisionCodes.prototype, provisionCodes.unsupported]);

function making(blueprint: string, tenants: readonly string[], prototype: string): string {
  const names = `array[${tenants.map(literal).join(", ")}]::text[]`;
  return `select tenant, version from tenantry.provision_by(${literal(blueprint)}, ${names}, ${literal(prototype)});`;
}

function failed(tenant: string, { code, message, detail, hint }: DatabaseError): Provisioned {
  const whole = [message, detail, hint].filter((part) => part !== null).join(" ");
  return { tenant, outcome: "failed", version: null, error: { code, message: whole } };
}

/** A commit whose answer was lost: what was made has a history. */
async function withoutMade(database: Database, wish: ProvisionWish, chunk: Chunk): Promise<Chunk> {
  const rows = await database.session((session) =>
    session.query<Made>(
      `select n.nspname::text as tenant, (select h.key::text from tenantry.history h where h.schema_id = n.oid and h.kind = 'versioned'
         order by string_to_array(h.key, '.')::numeric[] desc limit 1) as version
       from pg_catalog.pg_namespace n
       where n.nspname = any ($1::text[]) and exists (select from tenantry.decisions d where d.schema_id = n.oid and d.kind = 'provision')`,
      [chunk.tenants],
    ),
  );
  for (const { tenant, version } of rows) wish.settle({ tenant, outcome: "applied", version });
  const made = new Set(rows.map(({ tenant }) => tenant));
  return { ...chunk, tenants: chunk.tenants.filter((tenant) => !made.has(tenant)) };
}
