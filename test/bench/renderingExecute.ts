import { Client } from "pg";
import { analyse } from "../../server/src/sql/analyse";
import type { AnalysedStatement } from "../../server/src/sql/facts";
import { quoteIdentifier } from "../../server/src/sql/quote";
import { fillTemplate, prepareRender } from "../../server/src/sql/render";
import type { Span } from "../../server/src/sql/span";
import { dependenciesOn, describeSchema } from "../sql/catalogSupport";
import { type PrototypeFile, renderOptions } from "./renderingFiles";

export interface Executed {
  readonly files: number;
  /** Files of which at least one statement ran on the prototype. */
  readonly ran: number;
  readonly statements: number;
  /** Statements that were refused, or that the server refuses on the prototype as well. */
  readonly notRun: number;
  /** How often a tenant's catalog was compared with the prototype's. */
  readonly compared: number;
  readonly faults: readonly string[];
}

/**
 * Runs a history on the prototype and its rendering on each tenant, each in a database of its own, so that what is left of the prototype's
 * name leads nowhere, and compares the catalogs.
 */
export async function executeHistory(
  server: string,
  files: readonly PrototypeFile[],
  tenants: readonly string[],
): Promise<Executed> {
  const trial = await openSchema(server, "prototype");
  const prototype = await openSchema(server, "prototype");
  const others: Schema[] = [];
  for (const tenant of tenants) others.push(await openSchema(server, tenant));
  const faults: string[] = [];
  const done = new Set<AnalysedStatement>();
  const ran = new Set<PrototypeFile>();
  let since: string[] = [];
  let compared = 0;
  const compare = async () => {
    const expected = await catalogOf(prototype);
    for (const tenant of others) {
      compared++;
      const fault =
        newDifference(expected, await catalogOf(tenant), tenant.told) ??
        (await dependenciesOn(tenant.client, tenant.name, "prototype"))[0];
      if (fault !== undefined) faults.push(`${tenant.name}, after ${since.join(", ")}: ${fault}`);
    }
    since = [];
  };
  try {
    // The order of the names isn't always that of the history: what fails is tried again when the others have run.
    for (const file of [...files, ...files, ...files]) {
      const kept = await whatWorks(trial, file, done, (sql) => everywhere([prototype, ...others], sql));
      if (kept.length === 0) continue;
      for (const statement of kept) done.add(statement);
      ran.add(file);
      const text = onlyThese(file.text, kept);
      const { template } = await prepareRender(text, (await analyse(text, "postgresql")).statements, renderOptions);
      const failed = template === null ? "refused without its other statements" : await runAsOne(prototype, text);
      if (template === null || failed !== undefined) {
        faults.push(`${file.name}: ${failed}`);
        continue;
      }
      for (const tenant of others) {
        const fault = await runAsOne(tenant, fillTemplate(template, tenant.name).sql);
        if (fault !== undefined) faults.push(`${file.name} for ${tenant.name}: ${fault}`);
      }
      since.push(file.name);
      if (since.length === comparedTogether) await compare();
    }
    await compare();
  } finally {
    for (const { close } of [trial, prototype, ...others]) await close();
  }
  const all = files.flatMap(({ statements }) => statements).length;
  return { files: files.length, ran: ran.size, statements: done.size, notRun: all - done.size, compared, faults };
}

/** How many files run before the catalogs are compared, which takes longer than the files. */
const comparedTogether = 20;

interface Schema {
  readonly name: string;
  readonly client: Client;
  /** The differing lines of the catalog that were told. */
  readonly told: Set<string>;
  close(): Promise<void>;
}

let databases = 0;

async function openSchema(server: string, name: string): Promise<Schema> {
  const database = `rendering_${process.pid}_${databases++}`;
  const admin = new Client({ connectionString: `${server}/postgres` });
  await admin.connect();
  await admin.query(`create database ${database}`);
  const client = new Client({ connectionString: `${server}/${database}` });
  await client.connect();
  await client.query(`create schema ${quoteIdentifier(name, "postgresql")}`);
  return {
    name,
    client,
    told: new Set(),
    async close() {
      await client.end();
      await admin.query(`drop database ${database} with (force)`);
      await admin.end();
    },
  };
}

/** Runs a file statement by statement. @returns the statements that can be rendered and that the server takes */
async function whatWorks(
  { client }: Schema,
  { text, statements }: PrototypeFile,
  done: ReadonlySet<AnalysedStatement>,
  elsewhere: (sql: string) => Promise<void>,
): Promise<AnalysedStatement[]> {
  const { refusals } = await prepareRender(text, statements, renderOptions);
  const refused = new Set(refusals.map(({ statement }) => statement.start));
  const candidates = statements.filter(
    (statement) => !refused.has(statement.start) && !onlyOnce.test(statement.facts.kind) && !done.has(statement),
  );
  if (candidates.length === 0) return [];
  const kept: AnalysedStatement[] = [];
  await begin(client, "prototype");
  for (const statement of candidates) {
    await client.query("savepoint one");
    const sql = text.slice(statement.start, statement.end);
    let fault = await faultOf(client, sql);
    for (let lacks = lacking(fault); lacks !== null; lacks = fault === null ? null : lacking(fault)) {
      // A role is of the whole server, and a transaction that made one would have the others wait.
      await elsewhere(lacks);
      await client.query(`rollback to one; ${lacks}; savepoint one`);
      const before = fault;
      fault = await faultOf(client, sql);
      if (fault?.message === before?.message) break;
    }
    await client.query(fault === null ? "release one" : "rollback to one");
    if (fault === null) kept.push(statement);
  }
  // What was put off until the end may fail only there.
  if ((await faultOf(client, "commit")) === null) return kept;
  await client.query("rollback");
  return [];
}

async function faultOf(client: Client, sql: string): Promise<Error | null> {
  try {
    await client.query(sql);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** What makes the role or the schema that a statement lacks, since it is made by something else than the files. */
function lacking(fault: Error | null): string | null {
  const [, kind, name = ""] = /^(role|schema) "(.*)" does not exist$/.exec(fault?.message ?? "") ?? [];
  if (kind === undefined || name === "prototype") return null;
  const quoted = quoteIdentifier(name, "postgresql");
  return kind === "schema"
    ? `create schema if not exists ${quoted}`
    : `do $$ begin create role ${quoted}; exception when duplicate_object then null; end $$`;
}

async function everywhere(schemas: readonly Schema[], sql: string): Promise<void> {
  for (const { client } of schemas) await client.query(sql);
}

/** What ends the transaction, is of the whole server, or takes its rows from a client. */
const onlyOnce =
  /^(?:BEGIN|START TRANSACTION|COMMIT|ROLLBACK|END|ABORT|SAVEPOINT|RELEASE|PREPARE TRANSACTION|COPY|UNKNOWN|(?:CREATE|ALTER|DROP) (?:ROLE|USER|GROUP|DATABASE|TABLESPACE))\b/;

async function begin(client: Client, schema: string): Promise<void> {
  const path = `${quoteIdentifier(schema, "postgresql")}, public`;
  await client.query(`reset all; begin; set local search_path = ${path}; set local client_min_messages = error`);
}

async function runAsOne({ client, name }: Schema, sql: string): Promise<string | undefined> {
  await begin(client, name);
  try {
    await client.query(sql);
    await client.query("commit");
    return undefined;
  } catch (error) {
    await client.query("rollback");
    return error instanceof Error ? error.message : String(error);
  }
}

/** The text with spaces for all but some of its statements, and the separators after those. */
function onlyThese(text: string, kept: readonly Span[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of kept) {
    pieces.push(text.slice(from, start).replace(/[^\n]/g, " "), text.slice(start, end), ";");
    from = end + 1;
  }
  return pieces.join("");
}

/** What the catalog and the tables hold, without what differs each time that a statement runs, and without comments, which are left as they are. */
async function catalogOf({ client, name }: Schema): Promise<string[]> {
  const lines = await describeSchema(client, name);
  return lines.map((line) =>
    (line.startsWith("routine") ? line.replace(/--.*|\/\*[\s\S]*?\*\//g, "") : line)
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d(?::\d\d)?|Z)?/g, "«time»")
      .replace(/\b[\da-f]{32}\b/g, "«sum»")
      .replace(/[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/g, "«uuid»"),
  );
}

/** @param told the lines that an earlier file differed in; the new ones are added */
function newDifference(expected: readonly string[], actual: readonly string[], told: Set<string>): string | undefined {
  const [has, wants] = [new Set(actual), new Set(expected)];
  const missing = expected.filter((line) => !has.has(line) && !told.has(line));
  const extra = actual.filter((line) => !wants.has(line) && !told.has(line));
  for (const line of [...missing, ...extra]) told.add(line);
  if (missing.length === 0 && extra.length === 0) return undefined;
  return `the prototype alone has ${missing[0] ?? "nothing"}, the tenant alone ${extra[0] ?? "nothing"}`;
}
