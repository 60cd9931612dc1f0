import type { Translate } from "../../client/src/text/translate";

/** The messages as they stand in the code, which are the English ones. */
export const t: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));
