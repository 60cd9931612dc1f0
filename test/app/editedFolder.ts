import fc from "fast-check";
import { defaultConfiguration } from "../../server/src/project/configuration";
import type { Project } from "../../server/src/project/project";
import { readText } from "../../server/src/project/sqlText";
import type { Finding } from "../../server/src/rules/finding";

/** The files of a folder that is edited, the older ones first. */
export const paths = [
  "migrations/public/0001_a.sql",
  "migrations/tenant/0002_b.sql",
  "migrations/tenant/0003_c.sql",
] as const;

const pieces = [
  "create table a (id int primary key, b_id int references b);\n",
  "create table prototype.a (id int not null, note text);\n",
  "create table public.b (id int);\n",
  "create table prototype.b (id int);\n",
  "create type mood as enum ('a', 'b');\n",
  "alter table prototype.a rename to b;\n",
  "alter table b rename to c;\n",
  "alter table c rename to a;\n",
  "alter table a set schema public;\n",
  "alter table prototype.a alter column note type int;\n",
  "alter table prototype.a alter column id set not null;\n",
  "alter table prototype.a add constraint k check (id is not null) not valid;\n",
  "alter table prototype.a validate constraint k;\n",
  "alter table prototype.a add column note text default 'x';\n",
  "drop table b;\n",
  "drop table if exists prototype.a cascade;\n",
  "drop schema prototype cascade;\n",
  "create temporary table b (id int);\n",
  "do $$ begin truncate prototype.a; alter table prototype.b rename to c; end $$;\n",
  "do $$ begin alter table b rename to a; truncate c; end $$;\n",
  "insert into a select * from b;\n",
  "update a set id = 1;\n",
  "delete from prototype.b;\n",
  "create index on prototype.a (id);\n",
  "create function f() returns int language sql as 'select count(*) from a';\n",
  "-- tenantry: ignore unqualified-table: it is meant\n",
  "-- tenantry: scope public\n",
  "-- tenantry: no-transaction\n",
  "-- migrate:up\n",
  "-- migrate:down\n",
  "\\d a\n",
  "select 1",
  ";",
  "'",
  "x",
  "\n",
];

const piece = fc.constantFrom(...pieces);
/** What a file may hold. */
export const text = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(""));
/** A change of one of them: where, how much goes, and what comes. */
export const edit = fc.record({
  file: fc.nat(2),
  at: fc.nat(),
  removed: fc.oneof(fc.nat(2), fc.nat(60)),
  put: fc.oneof(piece, fc.constant("")),
});

/** A project that nothing is known of yet. */
export function projectOf(texts: readonly string[]): Project {
  const empty: Project = {
    root: "/nowhere",
    configurationPath: "/nowhere/tenantry.json",
    configuration: { ...defaultConfiguration(), preset: "strict" },
    migrations: [],
    problems: [],
    trusted: true,
  };
  const migrations = texts.map((one, index) => readText(empty, paths[index] ?? "", one).migration);
  return { ...empty, migrations };
}

/** What is reported, as plain data. */
export function toldOf(findings: readonly Finding[] | undefined): unknown {
  return findings?.map(({ rule, severity, start, end, message, fixes, related = [] }) => ({
    ...{ rule, severity, start, end, message, fixes },
    related: related.map(({ file, start, end, message }) => ({ file, start, end, message })),
  }));
}
