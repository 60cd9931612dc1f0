import type { WhyNothing } from "../engine/events";
import type { Plan } from "../engine/plan";
import { absentOf } from "../engine/targets";
import type { Migration } from "../model/migration";

/** Why a plan without stages has none; that everything is applied is only said where there is something. */
export function whyNothing({ state, selection, leftOut }: Plan, migrations: readonly Migration[]): WhyNothing {
  if (migrations.length === 0) return "no-migrations";
  if (state.tenants.length === 0 && state.prototype === null && migrations.some(({ scope }) => scope === "tenant"))
    return "no-schemas";
  if (leftOut.some(({ missing }) => missing.length > 0)) return "left-out";
  const isAboutThem = selection.tenants !== undefined || state.tenants.length === 0;
  return isAboutThem && absentOf(state, selection).length > 0 ? "not-created" : "applied";
}
