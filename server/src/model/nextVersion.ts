import { compareVersions } from "./history";

/**
 * The version that follows those there are, in their own manner: the time (UTC) where they are times, else the next number
 * in the same width. It is above all of them, also where one of them lies in the future.
 */
export function nextVersion(versions: readonly string[], now: Date): string {
  const newest = [...versions].sort(compareVersions).at(-1);
  if (newest === undefined) return timestamp(now, 14);
  const time = timeLike(newest, now);
  return time !== null && compareVersions(time, newest) > 0 ? time : increment(newest);
}

/** Now, in the form of a version that is a time: `20261123101500`, `202611231015`, `20261123`, seconds or milliseconds since 1970. */
function timeLike(version: string, now: Date): string | null {
  if (/^(19|20)\d{6}(\d{4}(\d{2})?)?$/.test(version)) return timestamp(now, version.length);
  if (/^\d{10}$/.test(version)) return String(Math.floor(now.getTime() / 1000));
  if (/^\d{13}$/.test(version)) return String(now.getTime());
  if (/^(19|20)\d\d\.\d\d\.\d\d(\.\d{4,6})?$/.test(version)) {
    const digits = timestamp(now, version.replaceAll(".", "").length);
    return [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8), digits.slice(8)]
      .filter((part) => part !== "")
      .join(".");
  }
  return null;
}

function timestamp(now: Date, digits: number): string {
  return now.toISOString().replace(/\D/g, "").slice(0, digits);
}

function increment(version: string): string {
  const parts = version.split(".");
  const last = parts.pop() ?? "0";
  return [...parts, String(BigInt(last) + 1n).padStart(last.length, "0")].join(".");
}
