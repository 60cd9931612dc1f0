import { z } from "zod";

/** The JSON that the command line promises, to the letter: an unknown key is as wrong as a missing one. */
const position = z.strictObject({ line: z.int().nonnegative(), character: z.int().nonnegative() });
const name = z.strictObject({ schema: z.string().nullable(), name: z.string() });
const offset = z.int().nonnegative();

export const lintJson = z.strictObject({
  files: z.int().nonnegative(),
  diagnostics: z.array(
    z.strictObject({
      file: z.string(),
      range: z.strictObject({ start: position, end: position }),
      severity: z.enum(["error", "warning", "information", "hint"]),
      code: z.string(),
      message: z.string(),
      related: z
        .array(
          z.strictObject({
            file: z.string(),
            range: z.strictObject({ start: position, end: position }),
            message: z.string(),
          }),
        )
        .min(1)
        .optional(),
    }),
  ),
});

export const inspectJson = z.strictObject({
  statements: z.array(
    z.strictObject({
      start: offset,
      end: offset,
      kind: z.string(),
      tables: z.array(
        z.strictObject({
          ...name.shape,
          start: offset,
          end: offset,
          use: z.enum(["create", "alter", "drop", "read", "write", "reference"]),
          schemaStart: offset.optional(),
          schemaEnd: offset.optional(),
        }),
      ),
      foreignKeys: z.array(z.strictObject({ from: name, to: name, start: offset, end: offset })),
    }),
  ),
  errors: z.array(z.strictObject({ message: z.string(), start: offset, end: offset })),
});

const shared = z.strictObject({ version: z.string().nullable(), pending: z.int().nonnegative() });

export const statusJson = z.strictObject({
  public: shared,
  prototype: shared.nullable(),
  tenants: z.array(
    z.strictObject({
      tenant: z.string(),
      version: z.string().nullable(),
      pending: z.int().nonnegative(),
      state: z.enum([
        "current",
        "pending",
        "failed",
        "skipped",
        "pending-creation",
        "unknown-version",
        "recreated",
        "renamed",
      ]),
    }),
  ),
});

const place = {
  file: z.string().nullable(),
  line: z.int().positive().nullable(),
  column: z.int().positive().nullable(),
};

const planShape = {
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  stages: z.array(
    z.strictObject({
      scope: z.enum(["public", "tenant"]),
      versions: z.array(z.string()),
      tenants: z.array(z.string()),
      locks: z.array(z.strictObject({ table: z.string(), mode: z.string() })),
    }),
  ),
  refusals: z.array(
    z.strictObject({
      code: z.string(),
      message: z.string(),
      file: z.string().optional(),
      line: z.int().positive().optional(),
      column: z.int().positive().optional(),
    }),
  ),
};

export const planJson = z.strictObject(planShape);

const count = z.int().nonnegative();

export const runLine = z.discriminatedUnion("event", [
  z.strictObject({ event: z.literal("plan"), run: z.string(), ...planShape }),
  z.strictObject({
    event: z.literal("stage"),
    stage: z.int(),
    scope: z.enum(["public", "tenant"]),
    versions: z.array(z.string()),
    tenants: count,
  }),
  z.strictObject({
    event: z.literal("tenant"),
    tenant: z.string(),
    scope: z.enum(["public", "tenant"]),
    outcome: z.enum(["applied", "unchanged", "failed", "cancelled", "skipped"]),
    versions: z.array(z.string()),
    milliseconds: z.number().nonnegative(),
    attempts: count,
    error: z.strictObject({ code: z.string(), message: z.string(), ...place }).optional(),
  }),
  z.strictObject({
    event: z.literal("summary"),
    run: z.string(),
    counts: z.strictObject({ applied: count, unchanged: count, failed: count, cancelled: count, skipped: count }),
    failures: z.array(
      z.strictObject({ code: z.string(), message: z.string(), ...place, tenants: z.array(z.string()).min(1) }),
    ),
    milliseconds: z.number().nonnegative(),
    stopped: z.enum(["failures", "cancelled"]).nullable(),
  }),
]);

export type RunLine = z.infer<typeof runLine>;

/** The lines of `run --format json`, each one checked. */
export function runLines(out: string): RunLine[] {
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => runLine.parse(JSON.parse(line)));
}
