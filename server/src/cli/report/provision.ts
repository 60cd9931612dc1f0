import type { Provisioned } from "../../engine/provision/provision";
import type { Style } from "../style";
import { count, few, nameText, visible } from "../text";

/** What became of new tenants: the made ones together, each failure by itself. */
export function provisionedText(results: readonly Provisioned[], style: Style): string {
  const of = (outcome: Provisioned["outcome"]) => results.filter((result) => result.outcome === outcome);
  const [made, failed, cancelled] = [of("applied"), of("failed"), of("cancelled")];
  const names = (some: readonly Provisioned[]) =>
    few(
      some.map(({ tenant }) => nameText(tenant)),
      6,
    );
  const version = made[0]?.version ?? null;
  return [
    ...(made.length === 0
      ? []
      : [
          style.green(
            `Made ${count(made.length, "tenant")}${version === null ? "" : ` at ${version}`}: ${names(made)}`,
          ),
        ]),
    ...failed.map(({ tenant, error }) => style.red(`Failed: ${nameText(tenant)}: ${visible(error?.message ?? "")}`)),
    ...(cancelled.length === 0 ? [] : [`Not begun: ${names(cancelled)}`]),
  ].join("\n");
}
