import type { PreparedBaseline } from "../../app/baseline";
import type { Style } from "../style";
import { count, few, nameText, number } from "../text";
import { refusalsText } from "./refusals";

/** What would be adopted as what, or why it can't be. */
export function baselineText({ adoption, refusals }: PreparedBaseline, root: string, style: Style): string {
  if (refusals.length > 0) return refusalsText("This baseline", refusals, root, style);
  const { to, tenants, prototype, left } = adoption;
  const shared = [adoption.public, prototype].filter((schema) => schema !== null).map(({ name }) => nameText(name));
  const leftOut =
    left.length === 0
      ? []
      : [
          `${count(left.length, "tenant")} with a history, or without anything in it, ${left.length === 1 ? "is" : "are"} left as ${left.length === 1 ? "it is" : "they are"}.`,
        ];
  if (tenants.length + shared.length === 0) return ["Nothing to adopt.", ...leftOut].join("\n");
  const versions = adoption.migrations.length;
  return [
    `Adopt at ${style.bold(to)}, as if ${count(versions, "migration")} had been run (nothing is):`,
    ...(shared.length === 0
      ? []
      : [`  shared   ${shared.join(", ")}, taken as ${shared.length === 1 ? "it is" : "they are"}`]),
    ...(tenants.length === 0
      ? []
      : [
          `  tenants  ${number(tenants.length)} with the prototype's shape: ${few(
            tenants.map(({ name }) => nameText(name)),
            6,
          )}`,
        ]),
    ...leftOut,
  ].join("\n");
}
