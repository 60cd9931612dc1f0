import type { Migration } from "../model/migration";

/** How a migration is named in plans and events: its version, or a repeatable one's name. */
export function labelOf(migration: Pick<Migration, "version" | "name">): string {
  return migration.version ?? `R__${migration.name}`;
}
