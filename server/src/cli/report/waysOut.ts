import type { FleetStatus } from "../../app/status";
import type { TenantState } from "../../engine/events";
import { count, few, nameText } from "../text";

/** What can be done about what stands apart, a line for each kind of it. */
export function waysOut({ report, state, edited, shared }: FleetStatus): string[] {
  const { tenants } = report;
  const has = (wanted: TenantState) => tenants.some((tenant) => tenant.state === wanted);
  const sharedHave = (wanted: TenantState) => [shared.public, shared.prototype].some((one) => one?.state === wanted);
  const occupied = state.tenants.filter(
    (schema) => schema.occupied && !schema.recreated && !state.skips.has(schema.name),
  );
  return [
    ...(state.copiedFrom === null
      ? []
      : [
          state.copiedFrom === state.database.id
            ? "The history was written before this database was restored, or its server upgraded: `tenantry run --take-over` makes it its own again."
            : `The history was written in another database (${state.copiedFrom}) of which this one is a copy: \`tenantry run --take-over\` makes it this one's own.`,
        ]),
    ...(edited.length === 0
      ? []
      : [
          `changed after they were applied: ${few([...edited], 3)}. Undo the change, or \`tenantry repair --reason …\` accepts it.`,
        ]),
    ...(has("failed") || sharedHave("failed")
      ? [
          "failed: `tenantry run` does what they miss, `tenantry retry` only what failed in the last run; `tenantry skip TENANT --reason …` leaves a tenant out.",
        ]
      : []),
    ...(has("skipped") ? ["left out: `tenantry skip TENANT --undo` takes it back."] : []),
    ...(has("pending-creation")
      ? ["without a schema: `tenantry provision TENANT` makes it from the prototype; or correct the list of tenants."]
      : []),
    ...(has("unknown-version") || sharedHave("unknown-version")
      ? [
          "unknown versions: get the files that were run (another branch, an older or a newer checkout) before you go on.",
        ]
      : []),
    ...(has("recreated")
      ? [
          "made again: `tenantry baseline --to VERSION --tenants …` adopts the schema as it is; or drop it, and `tenantry provision TENANT` makes it from the prototype.",
        ]
      : []),
    ...(occupied.length === 0
      ? []
      : [
          `${count(occupied.length, "tenant")} without history that ${occupied.length === 1 ? "isn't" : "aren't"} empty: \`tenantry baseline --to VERSION\` adopts what is as the prototype is.`,
        ]),
    ...(state.unlisted.length === 0
      ? []
      : [
          `${count(state.unlisted.length, "schema")} with a history that ${state.unlisted.length === 1 ? "is" : "are"} listed as no tenant: ${few(
            state.unlisted.map(({ name, former }) =>
              former === null ? nameText(name) : `${nameText(name)} (was ${nameText(former)})`,
            ),
            6,
          )}.`,
        ]),
  ];
}
