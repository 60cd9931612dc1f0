import type { Scope } from "../model/migration";
import { ownSchema, type Settings } from "../model/settings";
import { foldName } from "../sql/dialect";
import type { QualifiedName } from "../sql/facts";
import type { Summary } from "./summary";

/** How names are compared in one file. A schema that isn't written is the one that the migration is for. */
export interface Keys {
  /** Names that are one for the server are the same when they are folded. */
  fold(name: string): string;
  keyOf(name: QualifiedName): string;
  /** Of a column or constraint of a table. */
  partKeyOf(table: QualifiedName, part: string): string;
}

export function openKeys(settings: Settings, scope: Scope): Keys {
  const { dialect } = settings;
  const own = ownSchema(scope, settings);
  const fold = (name: string) => foldName(name, dialect);
  // No name holds the character NUL.
  const keyOf = ({ schema, name }: QualifiedName) => `${fold(schema ?? own)}\0${fold(name)}`;
  return { fold, keyOf, partKeyOf: (table, part) => `${keyOf(table)}\0${fold(part)}` };
}

/** The names, folded, with which a statement does something that those after it may ask about. */
export function namesIn(summary: Summary, { fold }: Keys): ReadonlySet<string> {
  const { tables, renames, columns, unchecked, locks, bulk, types, enumValues } = summary;
  const names = new Set<string>();
  for (const list of [tables, columns, unchecked, locks, bulk, types])
    for (const { name } of list) names.add(fold(name));
  for (const { type } of enumValues) names.add(fold(type.name));
  for (const { from, to } of renames) names.add(fold(from.name)).add(fold(to.name));
  return names;
}
