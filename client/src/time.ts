import { env } from "vscode";

/** A moment (ISO 8601) as the user's language writes it. */
export function timeOf(iso: string): string {
  return new Intl.DateTimeFormat(env.language, { dateStyle: "short", timeStyle: "short" }).format(new Date(iso));
}
