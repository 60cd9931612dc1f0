import * as z from "zod/mini";
import { formats } from "../model/formats";
import { durationPattern, parseDuration } from "./duration";

/*
 * The one description of `tenantry.json`: its type, its defaults, what each value must be (an `error` here completes the
 * sentence "`run.canary` …"), and the JSON schema from which editors complete and explain.
 */

const severities = ["error", "warning", "information", "hint", "off"] as const;
const presets = ["recommended", "strict", "off"] as const;

/** Says what a setting is for. */
const told = <Schema extends z.core.$ZodType>(description: string, schema: Schema): Schema => {
  z.globalRegistry.add(schema, { description });
  return schema;
};

const durationError = 'must be a duration such as "100ms", "30s" or "5min"';
const duration = z.pipe(
  z.string({ error: durationError }).check(z.regex(durationPattern, { error: durationError })),
  z.transform(parseDuration),
);

const name = (error: string) => z.string({ error }).check(z.minLength(1, { error }));
const wholeNumber = (least: number) => {
  const error = `must be a whole number, ${least} or more`;
  return z.int({ error }).check(z.gte(least, { error }), z.lte(2_147_483_647, { error: "is too large" }));
};
const choice = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `must be ${values.map((value) => `"${value}"`).join(" or ")}` });
const object = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, { error: "must be an object: { … }" });
const listOf = (what: "schema" | "table") => {
  const error = `must be a list of ${what} names: ["a", "b"]`;
  return z.array(name(`must be a ${what}'s name, as a string`), { error });
};

const migrations = object({
  public: told(
    "Folder, or glob, of the migrations that run once, in the public schema. Relative to this file.",
    z._default(name("must be a folder's path, as a string"), "migrations/public"),
  ),
  tenant: told(
    "Folder, or glob, of the migrations that run in every tenant schema. Relative to this file.",
    z._default(name("must be a folder's path, as a string"), "migrations/tenant"),
  ),
  format: told(
    "Which tool's convention names and divides the files. `auto` reads each file by its own name and markers.",
    z._default(choice("auto", ...formats), "auto"),
  ),
});

const tenants = object({
  query: told(
    "A query whose first column is the tenants' schema names, in the order in which they are run.",
    z.optional(name("must be an SQL query, as a string")),
  ),
  pattern: told(
    "Every schema whose name fits, with `*` for any characters and `?` for one. Never matches the public, prototype or `tenantry` schema.",
    z.optional(name('must be a pattern such as "tenant_*", as a string')),
  ),
  list: told(
    "The tenants' schema names, in the order in which they are run.",
    z.optional(listOf("schema").check(z.minLength(1, { error: "must name at least one schema" }))),
  ),
})
  .check(
    z.refine((given) => Object.keys(given).length === 1, {
      error: "must hold exactly one of `query`, `pattern` and `list`",
      // A misspelt key is told on its own.
      when: ({ issues }) => issues.length === 0,
    }),
  )
  .register(z.globalRegistry, { minProperties: 1, maxProperties: 1 });

const connection = object({
  url: told(
    `\`postgresql://…\`, \`sqlserver://…\`, or \`embedded:FOLDER\` for a PostgreSQL inside Tenantry. \`\${env:NAME}\` is filled from the environment or \`.env\`; keep passwords there.`,
    name("must be a URL, as a string"),
  ),
  protected: told(
    "A run asks for this connection's name to be typed (on the command line: `--confirm NAME`).",
    z._default(z.boolean({ error: "must be true or false" }), false),
  ),
});

const maxFailuresError = 'must be a whole number from 1, a share such as "5%", or "none"';
const concurrencyError = 'must be "auto" or a whole number from 1';
const searchPathError = 'must be "auto" or a list of schema names';

const run = object({
  concurrency: told(
    "How many tenants at a time. `auto` starts at 4, or with a database on this machine at one for each processor, from 2 to 4, and climbs while that makes the run faster.",
    z._default(
      z.union(
        [
          z.literal("auto"),
          z.int().check(z.gte(1, { error: concurrencyError }), z.lte(1000, { error: "must be 1000 at most" })),
        ],
        { error: concurrencyError },
      ),
      "auto",
    ),
  ),
  canary: told(
    "How many tenants run alone, before all others. A failure among them stops the run.",
    z._default(wholeNumber(0), 1),
  ),
  lockTimeout: told(
    "How long a tenant waits for a lock before it steps back and tries again.",
    z.prefault(
      duration.check(
        z.refine((milliseconds) => milliseconds > 0, {
          error: "must be longer than 0: without it a run stands in front of the application's own queries",
        }),
      ),
      "100ms",
    ),
  ),
  statementTimeout: told(
    "How long one statement may run.",
    z.prefault(
      z.union(
        [
          z.pipe(
            z.literal("none"),
            z.transform(() => 0),
          ),
          duration,
        ],
        { error: 'must be a duration such as "5min", or "none"' },
      ),
      "5min",
    ),
  ),
  retries: told(
    "How often a tenant tries again after a lock wait, a deadlock or a serialisation failure.",
    z._default(wholeNumber(0), 20),
  ),
  maxFailures: told(
    "When this many tenants have failed, no more are started.",
    z.prefault(
      z.union(
        [
          z.pipe(
            z.int().check(z.gte(1, { error: maxFailuresError })),
            z.transform((count) => ({ count })),
          ),
          z.pipe(
            z.string().check(z.regex(/^(100|\d{1,2})(\.\d+)?%$/, { error: maxFailuresError })),
            z.transform((share) => ({ percent: Number.parseFloat(share) })),
          ),
          z.literal("none"),
        ],
        { error: maxFailuresError },
      ),
      1,
    ),
  ),
  transaction: told(
    "What is committed together: all of a tenant's pending migrations, or each of them.",
    z._default(choice("tenant", "migration"), "tenant"),
  ),
  concurrentRuns: told(
    "What happens when a run is started while another goes on in the same database: it is refused, or, where both say `share`, they divide the tenants between them.",
    z._default(choice("refuse", "share"), "refuse"),
  ),
  outOfOrder: told(
    "What to do with a migration whose version is below one that is already applied.",
    z._default(choice("refuse", "apply"), "refuse"),
  ),
  role: told(
    "A role that is taken for each transaction (SET LOCAL ROLE), so that new objects get their right owner.",
    z.optional(name("must be a role's name, as a string")),
  ),
  searchPath: told(
    "The schemas that follow the tenant's own. `auto`: the public schema, then the rest of the connection's own path.",
    z._default(
      z.union([z.literal("auto"), z.array(name(searchPathError), { error: searchPathError })], {
        error: searchPathError,
      }),
      "auto",
    ),
  ),
});

const rules = told(
  "The severity of single rules, or `off`.",
  z.record(z.string(), choice(...severities), { error: 'must be an object of severities: { "rule-id": "warning" }' }),
);

const preset = told(
  "What all rules are set to that `rules` doesn't name. `recommended`: their defaults. `strict`: warnings are errors, and notes are warnings. `off`: nothing but what keeps files from being read.",
  choice(...presets),
);

const pathsError = 'must be a list of folders or globs, relative to this file: ["migrations/tenant/legacy/**"]';

const override = object({
  files: told(
    "The files: folders, or globs, relative to this file.",
    z
      .array(
        name("must be a folder's path or a glob, as a string").check(
          z.refine((pattern) => !pattern.includes("\\"), { error: 'must have "/" between its parts' }),
          z.refine((pattern) => !/^(\/|[a-z]:)/i.test(pattern), { error: "must be relative to this file" }),
        ),
        { error: pathsError },
      )
      .check(z.minLength(1, { error: "must name at least one folder or glob" })),
  ),
  preset: z.optional(preset),
  rules: z._default(rules, {}),
});

export const configurationSchema = object({
  $schema: told(
    "The JSON schema of this file, for editors that don't know it.",
    z.optional(z.string({ error: "must be a URL, as a string" })),
  ),
  dialect: told("The kind of server.", z._default(choice("postgresql", "sqlserver"), "postgresql")),
  migrations: told("Where the migrations are.", z.prefault(migrations, {})),
  publicSchema: told(
    "The schema of the tables that all tenants share. Default: `public`, or `dbo` on SQL Server.",
    z.optional(name("must be a schema's name, as a string")),
  ),
  prototypeSchema: told(
    "The schema that tenant migrations are written against; for each tenant its name takes this one's place.",
    z._default(name("must be a schema's name, as a string"), "prototype"),
  ),
  publicTables: told(
    "Tables that belong to the public schema. Those that public migrations create are known without it.",
    z._default(listOf("table"), []),
  ),
  tenantNames: told(
    "Whether tenant tables must be written with the prototype schema, or may be left to the search path (PostgreSQL only).",
    z._default(choice("qualified", "search-path"), "qualified"),
  ),
  order: told(
    "One history over both folders, or two that number on their own, the public one run first.",
    z._default(choice("interleaved", "public-first"), "interleaved"),
  ),
  tenants: told("Which schemas are tenants: exactly one of `query`, `pattern` and `list`.", z.optional(tenants)),
  connections: told(
    "The databases, by the names that you call them.",
    z._default(
      z.record(z.string(), connection, { error: 'must be an object of connections: { "name": { "url": … } }' }),
      {},
    ),
  ),
  defaultConnection: told(
    "The connection that is used when none is named.",
    z.optional(name("must be a connection's name, as a string")),
  ),
  run: told("How migrations are run.", z.prefault(run, {})),
  preset: z._default(preset, "recommended"),
  rules: z._default(rules, {}),
  overrides: told(
    "Other presets and severities for some files. Of several that hold for a file, the last wins.",
    z._default(
      z.array(override, { error: 'must be a list: [{ "files": ["migrations/tenant/legacy/**"], "preset": "off" }]' }),
      [],
    ),
  ),
}).register(z.globalRegistry, {
  allowTrailingCommas: true,
  title: "Tenantry",
  description: "How Tenantry reads and runs the migrations of this folder.",
});
