import type { Migration } from "../model/migration";
import type { Settings } from "../model/settings";
import { identityOf, rowOf, type SchemaHistory } from "./history";
import { fewNames } from "./text";

/** The versions that a history of that scope has, and no file of the scope, in their order; the same list for the same history. */
export function unknownVersions(
  migrations: readonly Migration[],
  scope: Migration["scope"],
): (history: SchemaHistory) => readonly string[] {
  const files = new Set(migrations.filter((one) => one.scope === scope).map((one) => identityOf(rowOf(one))));
  const known = new Map<SchemaHistory, readonly string[]>();
  return (history) => {
    const unknown =
      known.get(history) ??
      history.applied.filter((row) => row.kind === "versioned" && !files.has(identityOf(row))).map(({ key }) => key);
    known.set(history, unknown);
    return unknown;
  };
}

/** That there is no file of them, or that there is one for the other scope; and what to do about it. @param scope of the history */
export function unknownText(
  versions: readonly string[],
  migrations: readonly Migration[],
  scope: Migration["scope"],
  order: Settings["order"],
): { readonly text: string; readonly wayOut: string } {
  // The two folders number on their own: one's version 3 says nothing of the other's.
  if (order === "public-first")
    return {
      text: `which no ${scope} migration here has`,
      wayOut: "Get the missing file (another branch, an older or a newer checkout, another folder) before you go on",
    };
  const wanted = new Set(versions.map((key) => identityOf({ kind: "versioned", key })));
  const others = migrations.filter((migration) => wanted.has(identityOf(rowOf(migration))));
  const [first] = others;
  if (first === undefined)
    return {
      text: "which no file here has",
      wayOut: "Get the missing file (another branch, an older or a newer checkout) before you go on",
    };
  const paths = fewNames(
    others.map(({ path }) => path),
    3,
  );
  const whom = first.scope === "public" ? "the public schema" : "tenants";
  return {
    text: `which ${paths} ${others.length === 1 ? "has" : "have"} here, for ${whom}`,
    wayOut: "Put the file back where it was before you go on; what is to be done elsewhere as well is a new migration",
  };
}
