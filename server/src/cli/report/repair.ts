import type { PreparedRepair } from "../../app/repair";
import { shownPath } from "../shownPath";
import type { Style } from "../style";
import { count, few, nameText, visible } from "../text";

/** The edited files as a page: the checksums, where each was applied, and by whom. */
export function repairText({ edits, unchanged }: PreparedRepair, root: string, style: Style): string {
  const same = unchanged.map(({ path }) => `${shownPath(root, path)} is as it was applied, or isn't applied at all.`);
  if (edits.length === 0) return [...same, "Nothing to repair: no applied file was changed."].join("\n");
  const parts = edits.map(({ migration, row, schemas, appliances }) =>
    [
      style.bold(shownPath(root, migration.path)),
      `  applied  ${row.checksum}`,
      `  now      ${style.cyan(migration.checksum)}`,
      `  in       ${
        migration.scope === "public"
          ? schemas.map(({ name }) => nameText(name)).join(", ")
          : `${count(schemas.length, "schema")}: ${few(
              schemas.map(({ name }) => nameText(name)),
              6,
            )}`
      }`,
      ...appliances.map(
        ({ user, host, first, last, schemas: n }) =>
          `  by       ${visible(user)} on ${visible(host)}, ${first === last ? first : `${first} to ${last}`}${appliances.length > 1 ? ` (${count(n, "schema")})` : ""}`,
      ),
    ].join("\n"),
  );
  return [...same, ...parts].join("\n\n");
}
