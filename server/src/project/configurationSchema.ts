import { z } from "zod";
import { formats } from "../model/formats";
import { durationPattern, parseDuration } from "./duration";

/*
 * The one description of `tenantry.json`: its type, its defaults, what each value must be (an `error` here completes the
 * sentence "`run.canary` …"), and the JSON schema from which editors complete and explain.
 */

const severities = ["error", "warning", "information", "hint", "off"] as const;
const presets = ["recommended", "strict", "off"] as const;

const duration = z
  .string({ error: 'must be a duration such as "100ms", "30s" or "5min"' })
  .regex(durationPattern, { error: 'must be a duration such as "100ms", "30s" or "5min"' })
  .transform(parseDuration);

const name = (error: string) => z.string({ error }).min(1, { error });
const wholeNumber = (least: number) => {
  const error = `must be a whole number, ${least} or more`;
  return z.int({ error }).min(least, { error }).max(2_147_483_647, { error: "is too large" });
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
  public: name("must be a folder's path, as a string")
    .default("migrations/public")
    .describe("Folder, or glob, of the migrations that run once, in the public schema. Relative to this file."),
  tenant: name("must be a folder's path, as a string")
    .default("migrations/tenant")
    .describe("Folder, or glob, of the migrations that run in every tenant schema. Relative to this file."),
  format: choice("auto", ...formats)
    .default("auto")
    .describe(
      "Which tool's convention names and divides the files. `auto` reads each file by its own name and markers.",
    ),
});

const tenants = object({
  query: name("must be an SQL query, as a string")
    .optional()
    .describe("A query whose first column is the tenants' schema names, in the order in which they are run."),
  pattern: name('must be a pattern such as "tenant_*", as a string')
    .optional()
    .describe(
      "Every schema whose name fits, with `*` for any characters and `?` for one. Never matches the public, prototype or `tenantry` schema.",
    ),
  list: listOf("schema")
    .min(1, { error: "must name at least one schema" })
    .optional()
    .describe("The tenants' schema names, in the order in which they are run."),
})
  .refine((given) => Object.keys(given).length === 1, {
    error: "must hold exactly one of `query`, `pattern` and `list`",
    // A misspelt key is told on its own.
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ minProperties: 1, maxProperties: 1 });

const connection = object({
  url: name("must be a URL, as a string").describe(
    `\`postgresql://…\`, \`sqlserver://…\`, or \`embedded:FOLDER\` for a PostgreSQL inside Tenantry. \`\${env:NAME}\` is filled from the environment or \`.env\`; keep passwords there.`,
  ),
  protected: z
    .boolean({ error: "must be true or false" })
    .default(false)
    .describe("A run asks for this connection's name to be typed (on the command line: `--confirm NAME`)."),
});

const maxFailuresError = 'must be a whole number from 1, a share such as "5%", or "none"';
const concurrencyError = 'must be "auto" or a whole number from 1';
const searchPathError = 'must be "auto" or a list of schema names';

const run = object({
  concurrency: z
    .union(
      [z.literal("auto"), z.int().min(1, { error: concurrencyError }).max(1000, { error: "must be 1000 at most" })],
      { error: concurrencyError },
    )
    .default("auto")
    .describe("How many tenants at a time. `auto` starts at 4 and climbs while that makes the run faster."),
  canary: wholeNumber(0)
    .default(1)
    .describe("How many tenants run alone, before all others. A failure among them stops the run."),
  lockTimeout: duration
    .refine((milliseconds) => milliseconds > 0, {
      error: "must be longer than 0: without it a run stands in front of the application's own queries",
    })
    .prefault("100ms")
    .describe("How long a tenant waits for a lock before it steps back and tries again."),
  statementTimeout: z
    .union([z.literal("none").transform(() => 0), duration], { error: 'must be a duration such as "5min", or "none"' })
    .prefault("5min")
    .describe("How long one statement may run."),
  retries: wholeNumber(0)
    .default(20)
    .describe("How often a tenant tries again after a lock wait, a deadlock or a serialisation failure."),
  maxFailures: z
    .union(
      [
        z
          .int()
          .min(1, { error: maxFailuresError })
          .transform((count) => ({ count })),
        z
          .string()
          .regex(/^(100|\d{1,2})(\.\d+)?%$/, { error: maxFailuresError })
          .transform((share) => ({ percent: Number.parseFloat(share) })),
        z.literal("none"),
      ],
      { error: maxFailuresError },
    )
    .prefault(1)
    .describe("When this many tenants have failed, no more are started."),
  transaction: choice("tenant", "migration")
    .default("tenant")
    .describe("What is committed together: all of a tenant's pending migrations, or each of them."),
  concurrentRuns: choice("refuse", "share")
    .default("refuse")
    .describe(
      "What happens when a run is started while another goes on in the same database: it is refused, or, where both say `share`, they divide the tenants between them.",
    ),
  outOfOrder: choice("refuse", "apply")
    .default("refuse")
    .describe("What to do with a migration whose version is below one that is already applied."),
  role: name("must be a role's name, as a string")
    .optional()
    .describe("A role that is taken for each transaction (SET LOCAL ROLE), so that new objects get their right owner."),
  searchPath: z
    .union([z.literal("auto"), z.array(name(searchPathError), { error: searchPathError })], { error: searchPathError })
    .default("auto")
    .describe(
      "The schemas that follow the tenant's own. `auto`: the public schema, then the rest of the connection's own path.",
    ),
});

const rules = z
  .record(z.string(), choice(...severities), { error: 'must be an object of severities: { "rule-id": "warning" }' })
  .describe("The severity of single rules, or `off`.");

const preset = choice(...presets).describe(
  "What all rules are set to that `rules` doesn't name. `recommended`: their defaults. `strict`: warnings are errors, and notes are warnings. `off`: nothing but what keeps files from being read.",
);

const pathsError = 'must be a list of folders or globs, relative to this file: ["migrations/tenant/legacy/**"]';

const override = object({
  files: z
    .array(
      name("must be a folder's path or a glob, as a string")
        .refine((pattern) => !pattern.includes("\\"), { error: 'must have "/" between its parts' })
        .refine((pattern) => !/^(\/|[a-z]:)/i.test(pattern), { error: "must be relative to this file" }),
      { error: pathsError },
    )
    .min(1, { error: "must name at least one folder or glob" })
    .describe("The files: folders, or globs, relative to this file."),
  preset: preset.optional(),
  rules: rules.default({}),
});

export const configurationSchema = object({
  $schema: z
    .string({ error: "must be a URL, as a string" })
    .optional()
    .describe("The JSON schema of this file, for editors that don't know it."),
  dialect: choice("postgresql", "sqlserver").default("postgresql").describe("The kind of server."),
  migrations: migrations.prefault({}).describe("Where the migrations are."),
  publicSchema: name("must be a schema's name, as a string")
    .optional()
    .describe("The schema of the tables that all tenants share. Default: `public`, or `dbo` on SQL Server."),
  prototypeSchema: name("must be a schema's name, as a string")
    .default("prototype")
    .describe(
      "The schema that tenant migrations are written against; for each tenant its name takes this one's place.",
    ),
  publicTables: listOf("table")
    .default([])
    .describe("Tables that belong to the public schema. Those that public migrations create are known without it."),
  tenantNames: choice("qualified", "search-path")
    .default("qualified")
    .describe(
      "Whether tenant tables must be written with the prototype schema, or may be left to the search path (PostgreSQL only).",
    ),
  order: choice("interleaved", "public-first")
    .default("interleaved")
    .describe("One history over both folders, or two that number on their own, the public one run first."),
  tenants: tenants.optional().describe("Which schemas are tenants: exactly one of `query`, `pattern` and `list`."),
  connections: z
    .record(z.string(), connection, { error: 'must be an object of connections: { "name": { "url": … } }' })
    .default({})
    .describe("The databases, by the names that you call them."),
  defaultConnection: name("must be a connection's name, as a string")
    .optional()
    .describe("The connection that is used when none is named."),
  run: run.prefault({}).describe("How migrations are run."),
  preset: preset.default("recommended"),
  rules: rules.default({}),
  overrides: z
    .array(override, { error: 'must be a list: [{ "files": ["migrations/tenant/legacy/**"], "preset": "off" }]' })
    .default([])
    .describe("Other presets and severities for some files. Of several that hold for a file, the last wins."),
}).meta({
  allowTrailingCommas: true,
  title: "Tenantry",
  description: "How Tenantry reads and runs the migrations of this folder.",
});

/** What is known of a rule where its settings are completed. */
export interface RuleEntry {
  readonly id: string;
  readonly summary: string;
}

/** The JSON schema of `tenantry.json`. @param rules those whose severities can be set; none given, any name is allowed. */
export function configurationJsonSchema(rules: readonly RuleEntry[] = []): object {
  const schema = z.toJSONSchema(configurationSchema, { io: "input", target: "draft-7" });
  if (rules.length === 0) return schema;
  return withRules(schema, ({ propertyNames: _, additionalProperties, ...rest }) => {
    const value = typeof additionalProperties === "object" ? additionalProperties : {};
    const properties = Object.fromEntries(rules.map(({ id, summary }) => [id, { ...value, description: summary }]));
    return { ...rest, properties, additionalProperties: false };
  });
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The schema with `rules` replaced, at the top and among the overrides. */
function withRules(schema: JsonSchema, replaced: (rules: JsonSchema) => JsonSchema): JsonSchema {
  const { rules, overrides, ...others } = schema.properties ?? {};
  const properties = {
    ...others,
    ...(typeof rules === "object" && { rules: replaced(rules) }),
    ...(typeof overrides === "object" && {
      overrides: { ...overrides, items: withRules(overrides.items as JsonSchema, replaced) },
    }),
  };
  return { ...schema, properties };
}
