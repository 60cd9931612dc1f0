/** Gives a message in the user's language, with `{0}`, `{1}` … replaced; `vscode.l10n.t` is one. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

/** A count and its noun: `1 tenant`, `4,961 tenants`. */
export function tenants(count: number, t: Translate): string {
  return count === 1 ? t("1 tenant") : t("{0} tenants", number(count));
}

export function migrations(count: number, t: Translate): string {
  return count === 1 ? t("1 migration") : t("{0} migrations", number(count));
}

/** A whole number with its thousands set apart. */
export function number(value: number): string {
  return value.toLocaleString("en-US");
}

/** A length of time as a person would say it; `milliseconds` may be of any size. */
export function duration(milliseconds: number, t: Translate): string {
  if (milliseconds < 1000) return t("{0} ms", Math.round(milliseconds));
  if (milliseconds < 60_000) return t("{0} s", (milliseconds / 1000).toFixed(1));
  const seconds = Math.round(milliseconds / 1000);
  return t("{0} min {1} s", Math.floor(seconds / 60), seconds % 60);
}

/** The first names of a list, and how many more there are. */
export function firstOf(names: readonly string[], most: number, t: Translate): string {
  if (names.length <= most) return names.join(", ");
  return t("{0} and {1} more", names.slice(0, most).join(", "), number(names.length - most));
}
