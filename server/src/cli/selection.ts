import type { Wish } from "../app/plan";
import type { Refusal } from "../engine/events";
import { type ExitCode, exitCodes } from "./exitCodes";
import type { Flags } from "./verb";

/** The part of the history and of the tenants that the flags pick. */
export function selectionOf(flags: Flags): Wish {
  return {
    ...(flags.tenants === undefined ? {} : { tenants: flags.tenants }),
    ...(flags.to === undefined ? {} : { to: flags.to }),
    ...(flags.takeOver === undefined ? {} : { takeOver: flags.takeOver }),
    ...(flags.skipInvalidTenants === undefined ? {} : { skipInvalidTenants: flags.skipInvalidTenants }),
  };
}

/** A plan that was asked for wrongly is wrong use; one that files, history or another run stand against is a problem. */
export function refusedCode(refusals: readonly Refusal[]): ExitCode {
  return refusals.some((refusal) => wrongUse.has(refusal.code)) ? exitCodes.usage : exitCodes.problems;
}

const wrongUse: ReadonlySet<string> = new Set([
  "unknown-tenant",
  "unknown-target",
  "invalid-tenants",
  "no-tenants",
  "no-public-schema",
]);
