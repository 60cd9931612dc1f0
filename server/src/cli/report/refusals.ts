import type { Refusal } from "../../engine/events";
import { placeText } from "../shownPath";
import type { Style } from "../style";
import { count, visible } from "../text";

/** Why something is refused, each reason with its way out and its place. @param what such as `This plan` */
export function refusalsText(what: string, refusals: readonly Refusal[], root: string, style: Style): string {
  return [
    style.red(`${what} is refused, for ${count(refusals.length, "reason")}:`),
    ...refusals.map((refusal) => refusalText(refusal, root, style)),
  ].join("\n");
}

function refusalText(refusal: Refusal, root: string, style: Style): string {
  const place = placeText(root, refusal);
  const at = place === null ? "" : `\n  at ${style.bold(place)}`;
  return `\n  ${visible(refusal.message)} ${style.dim(`(${refusal.code})`)}${at}`;
}
