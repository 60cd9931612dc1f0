import { describe, expect, it } from "vitest";
import { defaultConfiguration, parseConfiguration } from "../../server/src/project/configuration";

/** The problems of a text, as `line:column message`. */
function problemsOf(text: string, ruleIds?: readonly string[]): string[] {
  const { configuration, problems } = parseConfiguration(text, "tenantry.json", ruleIds);
  expect(configuration === null).toBe(problems.length > 0);
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function read(text: string) {
  const { configuration, problems } = parseConfiguration(text, "tenantry.json");
  expect(problems).toEqual([]);
  return configuration;
}

describe("a configuration that is right", () => {
  it("has every default where nothing is said", () => {
    expect(read("{}")).toEqual(defaultConfiguration());
    expect(defaultConfiguration()).toEqual({
      dialect: "postgresql",
      migrations: { public: "migrations/public", tenant: "migrations/tenant", format: "auto" },
      publicSchema: "public",
      prototypeSchema: "prototype",
      publicTables: [],
      tenantNames: "qualified",
      order: "interleaved",
      tenants: null,
      connections: {},
      defaultConnection: null,
      run: {
        concurrency: "auto",
        canary: 1,
        lockTimeout: 100,
        statementTimeout: 300_000,
        retries: 20,
        maxFailures: { count: 1 },
        transaction: "tenant",
        concurrentRuns: "refuse",
        outOfOrder: "refuse",
        role: null,
        searchPath: "auto",
      },
      preset: "recommended",
      rules: {},
      overrides: [],
    });
  });

  it("may hold comments, trailing commas and a schema", () => {
    expect(read('// ours\n{ "$schema": "./x.json", /* why */ "publicTables": ["plans",], }')?.publicTables).toEqual([
      "plans",
    ]);
  });

  it("is what the documentation shows", () => {
    const configuration = read(`{
      "dialect": "postgresql",
      "migrations": { "public": "migrations/public", "tenant": "migrations/tenant", "format": "auto" },
      "publicSchema": "public",
      "prototypeSchema": "prototype",
      "publicTables": ["plans", "countries"],
      "tenantNames": "qualified",
      "order": "interleaved",
      "tenants": { "query": "select schema_name from public.tenants order by 1" },
      "connections": {
        "sandbox":    { "url": "embedded:.tenantry/sandbox" },
        "staging":    { "url": "\${env:STAGING_URL}" },
        "production": { "url": "\${env:DATABASE_URL}", "protected": true }
      },
      "defaultConnection": "sandbox",
      "run": { "concurrency": "auto", "canary": 1, "lockTimeout": "100ms", "statementTimeout": "5min", "retries": 20, "maxFailures": 1,
               "transaction": "tenant", "outOfOrder": "refuse", "role": "app_owner", "searchPath": "auto" },
      "preset": "recommended",
      "rules": { "tenant-to-public-foreign-key": "information" },
      "overrides": [{ "files": ["migrations/tenant/legacy/**"], "preset": "off", "rules": { "hard-coded-tenant": "error" } }]
    }`);
    expect(configuration?.connections.production).toEqual({ url: `\${env:DATABASE_URL}`, protected: true });
    expect(configuration?.connections.staging?.protected).toBe(false);
    expect(configuration?.run.role).toBe("app_owner");
  });

  it.each([
    ['"250ms"', 250],
    ['"30s"', 30_000],
    ['"5 min"', 300_000],
    ['"2h"', 7_200_000],
    ['"none"', 0],
  ])("reads the duration %s", (written, milliseconds) => {
    expect(read(`{"run":{"statementTimeout":${written}}}`)?.run.statementTimeout).toBe(milliseconds);
  });

  it.each([
    ["3", { count: 3 }],
    ['"5%"', { percent: 5 }],
    ['"0.5%"', { percent: 0.5 }],
    ['"none"', "none"],
  ])("reads maxFailures %s", (written, parsed) => {
    expect(read(`{"run":{"maxFailures":${written}}}`)?.run.maxFailures).toEqual(parsed);
  });

  it("calls the shared schema of SQL Server dbo", () => {
    expect(read('{"dialect":"sqlserver"}')?.publicSchema).toBe("dbo");
    expect(read('{"dialect":"sqlserver","publicSchema":"shared"}')?.publicSchema).toBe("shared");
  });
});

describe("a configuration that is wrong", () => {
  it.each([
    ['{ "dialect": "mysql" }', '1:14 `dialect` must be "postgresql" or "sqlserver", not "mysql".'],
    ['{ "publicTables": "plans" }', '1:19 `publicTables` must be a list of table names: ["a", "b"], not "plans".'],
    ['{ "publicTables": ["a", 3] }', "1:25 `publicTables[1]` must be a table's name, as a string, not 3."],
    ['{ "publicSchema": "" }', '1:19 `publicSchema` must be a schema\'s name, as a string, not "".'],
    [
      '{ "run": { "lockTimeout": 100 } }',
      '1:27 `run.lockTimeout` must be a duration such as "100ms", "30s" or "5min", not 100.',
    ],
    [
      '{ "run": { "lockTimeout": "100" } }',
      '1:27 `run.lockTimeout` must be a duration such as "100ms", "30s" or "5min", not "100".',
    ],
    [
      '{ "run": { "lockTimeout": "0ms" } }',
      "1:27 `run.lockTimeout` must be longer than 0: without it a run stands in front of the application's own queries.",
    ],
    [
      '{ "run": { "statementTimeout": "soon" } }',
      '1:32 `run.statementTimeout` must be a duration such as "5min", or "none", not "soon".',
    ],
    [
      '{ "run": { "concurrency": "many" } }',
      '1:27 `run.concurrency` must be "auto" or a whole number from 1, not "many".',
    ],
    ['{ "run": { "concurrency": 0 } }', '1:27 `run.concurrency` must be "auto" or a whole number from 1, not 0.'],
    ['{ "run": { "canary": 1.5 } }', "1:22 `run.canary` must be a whole number, 0 or more, not 1.5."],
    ['{ "run": { "retries": 9999999999 } }', "1:23 `run.retries` is too large."],
    [
      '{ "run": { "maxFailures": "5" } }',
      '1:27 `run.maxFailures` must be a whole number from 1, a share such as "5%", or "none", not "5".',
    ],
    [
      '{ "run": { "maxFailures": 0 } }',
      '1:27 `run.maxFailures` must be a whole number from 1, a share such as "5%", or "none", not 0.',
    ],
    [
      '{ "run": { "searchPath": "public" } }',
      '1:26 `run.searchPath` must be "auto" or a list of schema names, not "public".',
    ],
    ['{ "run": [] }', "1:10 `run` must be an object: { … }, not an empty list."],
    ['{ "tenants": {} }', "1:14 `tenants` must hold exactly one of `query`, `pattern` and `list`."],
    [
      '{ "tenants": { "query": "select 1", "list": ["a"] } }',
      "1:14 `tenants` must hold exactly one of `query`, `pattern` and `list`.",
    ],
    ['{ "tenants": { "list": [] } }', "1:24 `tenants.list` must name at least one schema, not an empty list."],
    ['{ "tenants": "select 1" }', '1:14 `tenants` must be an object: { … }, not "select 1".'],
    ['{ "connections": { "a": {} } }', "1:20 `connections.a` needs a `url`, which must be a URL, as a string."],
    ['{ "connections": { "a": { "url": 5 } } }', "1:34 `connections.a.url` must be a URL, as a string."],
    ['{ "connections": { "a": "postgresql://u:secret@h/d" } }', "1:25 `connections.a` must be an object: { … }."],
    [
      '{ "rules": { "x": "fatal" } }',
      '1:19 `rules.x` must be "error" or "warning" or "information" or "hint" or "off", not "fatal".',
    ],
    ['{ "preset": "all" }', '1:13 `preset` must be "recommended" or "strict" or "off", not "all".'],
    [
      '{ "overrides": {} }',
      '1:16 `overrides` must be a list: [{ "files": ["migrations/tenant/legacy/**"], "preset": "off" }], not an object.',
    ],
    [
      '{ "overrides": [{ "files": [] }] }',
      "1:28 `overrides[0].files` must name at least one folder or glob, not an empty list.",
    ],
    ['{ "overrides": [{ "files": ["a\\\\b"] }] }', '1:29 `overrides[0].files[0]` must have "/" between its parts.'],
    ['{ "overrides": [{ "files": ["/srv"] }] }', "1:29 `overrides[0].files[0]` must be relative to this file."],
    [
      '{ "overrides": [{ "preset": "off" }] }',
      '1:17 `overrides[0]` needs a `files`, which must be a list of folders or globs, relative to this file: ["migrations/tenant/legacy/**"].',
    ],
    ["[]", "1:1 The file must be an object: { … }, not an empty list."],
  ])("%s", (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it.each([
    ['{ "conections": {} }', "1:3 Unknown setting `conections`. Did you mean `connections`?"],
    ['{ "run": { "lockTimout": "1s" } }', "1:12 Unknown setting `run.lockTimout`. Did you mean `run.lockTimeout`?"],
    [
      '{ "connections": { "a": { "url": "embedded:memory", "protect": true } } }',
      "1:53 Unknown setting `connections.a.protect`. Did you mean `connections.a.protected`?",
    ],
    ['{ "tenants": { "qurey": "select 1" } }', "1:16 Unknown setting `tenants.qurey`. Did you mean `tenants.query`?"],
    [
      '{ "overrides": [{ "files": ["a"], "rule": {} }] }',
      "1:35 Unknown setting `overrides[0].rule`. Did you mean `overrides[0].rules`?",
    ],
    [
      '{ "migrations": { "zebra": 1 } }',
      "1:19 Unknown setting `migrations.zebra`. Known here are: public, tenant, format.",
    ],
  ])("%s", (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it("is told whole, in the order of the file", () => {
    expect(
      problemsOf('{\n  "dialct": 1,\n  "run": {\n    "canary": -1,\r\n    "retries": "x"\n  },\n  "order": 2\n}'),
    ).toEqual([
      "2:3 Unknown setting `dialct`. Did you mean `dialect`?",
      "4:15 `run.canary` must be a whole number, 0 or more, not -1.",
      '5:16 `run.retries` must be a whole number, 0 or more, not "x".',
      '7:12 `order` must be "interleaved" or "public-first", not 2.',
    ]);
  });

  it.each([
    ["", "1:1 The file is empty; write at least `{}`, or remove it."],
    ['{ "dialect" "postgresql" }', '1:13 A colon is missing here, between the name and its value: "name": value.'],
    [
      '{ "order": "interleaved"\n  "dialect": "postgresql" }',
      "2:3 A comma is missing here, between this and what stands before it.",
    ],
    ['{ "order": }', "1:12 A value is missing here."],
    ['{ "order": "interleaved"', "1:25 A closing brace `}` is missing here."],
    ['{ "dialect": "postgresql', '1:14 This string is never closed; add `"`.'],
    ["{ 'order': 1 }", "1:3 This word means nothing here; strings stand in double quotes."],
    ["{} {}", "1:4 Nothing may follow the closing brace; remove this."],
    ['{ "order": "interleaved", "order": "public-first" }', '1:27 "order" is given twice; remove one of the two.'],
  ])("%s is not well formed", (text, problem) => {
    expect(problemsOf(text)[0]).toBe(problem);
  });

  it.each([
    [
      '{ "dialect": "sqlserver", "tenantNames": "search-path" }',
      '1:42 SQL Server has no search path, so `tenantNames` must be "qualified": write tenant tables with the prototype schema.',
    ],
    [
      '{ "dialect": "sqlserver", "run": { "searchPath": ["x"] } }',
      "1:50 SQL Server has no search path; remove `run.searchPath`.",
    ],
    [
      '{ "prototypeSchema": "public" }',
      '1:22 `prototypeSchema` and `publicSchema` are both "public"; give the prototype a schema of its own.',
    ],
    [
      '{ "publicSchema": "prototype" }',
      '1:19 `prototypeSchema` and `publicSchema` are both "prototype"; give the prototype a schema of its own.',
    ],
    [
      '{ "publicSchema": "tenantry" }',
      '1:19 The schema "tenantry" holds Tenantry\'s own tables; choose another for `publicSchema`.',
    ],
    [
      '{ "migrations": { "public": "/srv/m" } }',
      '1:29 `migrations.public` must be relative to this file, such as "migrations/public".',
    ],
    ['{ "migrations": { "tenant": "db\\\\m" } }', '1:29 Write `migrations.tenant` with "/" between its parts: "db/m".'],
    [
      '{ "connections": { "staging": { "url": "embedded:memory" } }, "defaultConnection": "stagin" }',
      '1:84 There is no connection "stagin". Did you mean "staging"? Known are: staging.',
    ],
    [
      '{ "defaultConnection": "toString" }',
      '1:24 There is no connection "toString"; `connections` in tenantry.json names none.',
    ],
  ])("%s contradicts itself", (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it("names rules that there are not, where the rules are known", () => {
    const ids = ["unqualified-table", "syntax-error"];
    expect(problemsOf('{ "rules": { "unqualified-tables": "off" } }', ids)).toEqual([
      "1:14 There is no rule `unqualified-tables`. Did you mean `unqualified-table`?",
    ]);
    expect(problemsOf('{ "rules": { "syntax-error": "off" } }', ids)).toEqual([]);
    const several =
      '{ "order": 1, "rules": { "x-y": "off" }, "overrides": [{ "files": ["a"], "rules": { "z-z": "fatal" } }] }';
    expect(problemsOf(several, ids)).toEqual([
      '1:12 `order` must be "interleaved" or "public-first", not 1.',
      "1:26 There is no rule `x-y`. Its documentation lists the rules.",
      "1:85 There is no rule `z-z`. Its documentation lists the rules.",
      '1:92 `overrides[0].rules.z-z` must be "error" or "warning" or "information" or "hint" or "off", not "fatal".',
    ]);
  });

  it("never repeats a URL, which may hold a password", () => {
    const texts = [
      '{ "connections": { "a": { "url": ["postgresql://u:secret@h/d"] } } }',
      '{ "connections": "postgresql://u:secret@h/d" }',
      '{ "connections": { "a": "postgresql://u:secret@h/d" } }',
      '{ "connection": "postgresql://u:secret@h/d" }',
    ];
    for (const text of texts) expect(problemsOf(text).join()).not.toContain("secret");
  });
});
