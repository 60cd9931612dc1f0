/** What is left where a run ended early; true also of files that run outside a transaction. */
export const leftByRun =
  "No transaction is left half done, and the history says what each tenant has: run again to do the rest.";

/** The first of the names, and how many more there are. */
export function fewNames(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** `Schema "acme"`, or `3 schemas ("acme", …)`. */
export function schemasText(schemas: readonly { readonly name: string }[]): string {
  const names = fewNames(schemas.map(({ name }) => `"${name.replaceAll("\n", "\\n")}"`));
  return schemas.length === 1 ? `Schema ${names}` : `${schemas.length} schemas (${names})`;
}

/** A name as a shell takes it. */
export function shellWord(name: string): string {
  return /^[\w-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

/** SQL for a moment as people read it: in UTC as `runs` tells it, whatever time zone the server has. */
export function shownTimeSql(moment: string, to: "minute" | "second" = "minute"): string {
  const seconds = to === "second" ? ":SS" : "";
  return `to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD HH24:MI${seconds} "UTC"')`;
}
