const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/** A whole number and its unit, as PostgreSQL writes them. */
export const durationPattern = /^(\d{1,9}) ?(ms|s|min|h)$/;

/** Milliseconds of a text that fits `durationPattern`, never more than PostgreSQL's settings hold. */
export function parseDuration(text: string): number {
  const [, amount = "", unit = ""] = durationPattern.exec(text) ?? [];
  return Math.min(Number(amount) * (units[unit] ?? 0), 2_147_483_647);
}
