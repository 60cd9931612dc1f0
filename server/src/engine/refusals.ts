import { compareVersions } from "../model/history";
import type { Migration } from "../model/migration";
import type { Refusal } from "./events";
import { identifier } from "./guards";
import { historyRefusals } from "./historyRefusals";
import { readOnlyMessage } from "./installation";
import { lockRefusals } from "./lockEstimate";
import type { PlanInput, Stage } from "./plan";
import { unwritableMessage } from "./recordRights";
import type { Selection } from "./selection";
import type { FleetState, SchemaState } from "./state";
import type { Targets } from "./targets";
import { invalidMessage } from "./tenants";
import { fewNames, schemasText, shellWord } from "./text";

/** Everything that keeps a plan from being run, each with its way out. */
export function planRefusals(
  input: PlanInput,
  stages: readonly Stage[],
  targets: Targets,
  missing: (schema: SchemaState) => readonly Migration[],
  publicMissing: readonly Migration[],
): Refusal[] {
  const { state, findings, prepared } = input;
  const needed = new Set(stages.flatMap((stage) => stage.migrations.map(({ migration }) => migration.path)));
  const ofFiles = [...prepared].flatMap(([path, { refusals }]) => (needed.has(path) ? refusals : []));
  const unwritable = unwritableMessage(state);
  return withoutRepetition([
    ...selectionRefusals(input, targets, stages),
    ...(stages.length > 0 && state.readOnly
      ? [{ code: "read-only", message: readOnlyMessage(state.database.label) }]
      : []),
    ...(stages.length > 0 && !state.readOnly && unwritable !== null
      ? [{ code: "no-write-access", message: unwritable }]
      : []),
    ...historyRefusals(input, targets, missing, publicMissing),
    ...findings,
    ...ofFiles,
    ...lockRefusals(input, stages),
  ]);
}

function* selectionRefusals(
  { state, migrations, selection, settings }: PlanInput,
  targets: Targets,
  stages: readonly Stage[],
): Generator<Refusal> {
  if (state.invalid.length > 0 && selection.skipInvalidTenants !== true) {
    yield {
      code: "invalid-tenants",
      message: `${invalidMessage("listed tenants", state.invalid)} Correct the list, or leave these out (--skip-invalid-tenants).`,
    };
  }
  // The prototype is asked for by its name, too, and isn't looked for among tenants where there is none.
  const unknown = targets.unknown.filter((name) => name !== settings.prototypeSchema);
  if (unknown.length < targets.unknown.length) {
    yield {
      code: "unknown-tenant",
      message: `The database has no prototype: make it (create schema ${identifier(settings.prototypeSchema)};) and run the migrations on it.`,
    };
  }
  if (unknown.length > 0) {
    yield unknownTenantRefusal(unknown);
  }
  if (state.source === null && migrations.some(({ scope }) => scope === "tenant")) {
    yield {
      code: "no-tenants",
      message:
        'The configuration doesn\'t say which schemas are tenants: give "tenants" a query, a pattern or a list, such as { "pattern": "tenant_*" }.',
    };
  }
  const { to } = selection;
  if (to !== undefined && !migrations.some(({ version }) => version !== null && compareVersions(version, to) === 0)) {
    yield unknownTargetRefusal(to);
  }
  if (state.public === null && migrations.some(({ scope }) => scope === "public")) {
    yield {
      code: "no-public-schema",
      message: `The database has no schema "${settings.publicSchema}" for the public migrations: create it, or set "publicSchema" to the one that the tenants share.`,
    };
  }
  yield* copiedRefusal(state, selection);
  yield* recreatedRefusal(state, targets, stages);
}

/**
 * Where a schema was made again, only it is left out; but the prototype is what others are made from, the shared tables don't
 * move on without a tenant that nobody left out on purpose, and where nothing else is to be done it is said why nothing is.
 */
function* recreatedRefusal({ prototype }: FleetState, targets: Targets, stages: readonly Stage[]): Generator<Refusal> {
  if (prototype?.recreated && targets.schemas.includes(prototype))
    yield { code: "recreated-tenant", message: recreatedPrototypeText(prototype) };
  const movesOn = stages.some(({ scope }) => scope === "public");
  const recreated = movesOn || stages.length === 0 ? targets.recreated : [];
  if (recreated.length > 0) yield { code: "recreated-tenant", message: recreatedText(recreated) };
}

function recreatedPrototypeText(prototype: SchemaState): string {
  const name = shellWord(prototype.name);
  return `${madeAgainText([prototype])} Where it has the shape of a version, adopt it as it is: tenantry baseline --to VERSION --tenants ${name}; or drop it, create it empty (create schema ${identifier(prototype.name)};) and run the migrations on it: tenantry run --tenants ${name}`;
}

function madeAgainText(schemas: readonly SchemaState[]): string {
  return `${schemasText(schemas)} ${schemas.length === 1 ? "was" : "were"} created again, or restored, after migrations had been applied to a schema of that name, so the history says nothing of what is in there now.`;
}

/** What became of tenants whose schemas were made again, and the ways out. */
export function recreatedText(schemas: readonly SchemaState[]): string {
  const [first] = schemas;
  const tenant = schemas.length === 1 && first !== undefined ? shellWord(first.name) : "TENANT";
  return `${madeAgainText(schemas)} Adopt what has the prototype's shape: tenantry baseline --to VERSION --tenants ${tenant}; or drop it and make it anew: tenantry provision ${tenant}; or leave it out: tenantry skip ${tenant} --reason "…"`;
}

export function unknownTenantRefusal(names: readonly string[]): Refusal {
  return {
    code: "unknown-tenant",
    message: `No tenant is called ${fewNames(names.map((name) => `"${name}"`))}. Names are written exactly as the database has them; * stands for any characters.`,
  };
}

export function unknownTargetRefusal(to: string): Refusal {
  return { code: "unknown-target", message: `No migration has the version ${to}.` };
}

/** A copy of a database whose history nobody took over. */
export function copiedRefusal({ copiedFrom, database }: FleetState, { takeOver }: Selection): Refusal[] {
  if (copiedFrom === null || takeOver === true) return [];
  return [
    {
      code: "copied-database",
      message:
        copiedFrom === database.id
          ? "This database was restored, or its server was upgraded, after its history was written: its schemas have other numbers than in there, and are found by their names. Make the history its own again, once: tenantry run --take-over."
          : `The history in this database was written in another one (a copy or a restored backup; database ${copiedFrom}, this is ${database.id}). If the copy is meant to be migrated on its own, make the history its own, once: tenantry run --take-over.`,
    },
  ];
}

/** A rule and the engine may find the same fault at the same place. */
function withoutRepetition(refusals: readonly Refusal[]): Refusal[] {
  const seen = new Set<string>();
  return refusals.filter(({ code, message, file, line, column }) => {
    const key = JSON.stringify(file === undefined ? [code, message] : [code, file, line, column]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
