import type { Migration } from "../model/migration";
import type { Project } from "../project/project";
import type { Finding } from "../rules/finding";
import { namesAsked } from "../rules/keep";
import type { LintSettings } from "../rules/lint";
import { settingsOf } from "./check";
import { historyOf } from "./history";
import { findingsText, textFindings } from "./keptFindings";

/** What the rules have found in a file, and what that rests on beside the file itself. */
export interface Checked {
  /** As `findingsText` gives them. */
  readonly findings: string;
  /** The names about which the rules have asked the history, as JSON. */
  readonly asked: string;
  /** Stands for the history's answers. */
  readonly rest: string;
}

/** What one file was just checked for, and what that rests on. @param found in it, when nothing else was checked since */
export function checkedNow(project: Project, migration: Migration, found: readonly Finding[]): Checked {
  const findings = findingsText(found);
  const history = historyOf(project, migration);
  const asked = namesAsked(history, migration.path);
  return { findings, asked: JSON.stringify(asked), rest: history.restOf(migration.path, asked) };
}

/** @param project as the migration was checked in it */
export function keepChecked(project: Project, migration: Migration, checked: Checked): void {
  const settings = settingsOf(project, migration.path);
  known.set(migration, { ...checked, settings, migrations: new WeakRef(project.migrations) });
}

/** The same of a migration that was checked in another history, which may have given other answers. */
export function keepCheckedBefore(project: Project, migration: Migration, checked: Checked): void {
  known.set(migration, { ...checked, settings: settingsOf(project, migration.path), migrations: null });
}

/** What was found in a migration and what that rests on, where it is known for the settings that hold now. */
export function checkedOf(project: Project, migration: Migration): Checked | null {
  return isChecked(project, migration) ? (known.get(migration) ?? null) : null;
}

/** Whether something was found in a migration, with the settings that hold now. */
export function isChecked(project: Project, migration: Migration): boolean {
  return known.get(migration)?.settings === settingsOf(project, migration.path);
}

/**
 * Keeps what was found in a migration, of which it isn't known what that rests on. @param project with the history that it was found in
 * @param findings as `findingsText` gives them
 */
export function keepFound(project: Project, migration: Migration, findings: string): void {
  const settings = settingsOf(project, migration.path);
  found.set(migration, { findings, settings, migrations: new WeakRef(project.migrations) });
}

/** What was found in a migration, where it is known for the very history that the project has. */
export function findingsSame(project: Project, migration: Migration): readonly Finding[] | null {
  const text = findingsTextOf(project, migration);
  return text === null ? null : textFindings(text);
}

/** The same as `findingsText` gives it. */
export function findingsTextOf(project: Project, migration: Migration): string | null {
  const settings = settingsOf(project, migration.path);
  const same = [known.get(migration), found.get(migration)].find(
    (one) => one?.settings === settings && one.migrations?.deref() === project.migrations,
  );
  return same?.findings ?? null;
}

/** What was found in a migration of a history that is analysed, where that is still so; null where it has to be checked. */
export function findingsStill(project: Project, migration: Migration): readonly Finding[] | null {
  const checked = isChecked(project, migration) ? known.get(migration) : undefined;
  if (checked === undefined) return null;
  const asked = JSON.parse(checked.asked) as string[];
  if (checked.rest !== historyOf(project, migration).restOf(migration.path, asked)) return null;
  keepChecked(project, migration, checked);
  return textFindings(checked.findings);
}

interface Found {
  readonly findings: string;
  readonly settings: LintSettings;
  /** The history that it was found in, where that was in this process. */
  readonly migrations: WeakRef<readonly Migration[]> | null;
}

const known = new WeakMap<Migration, Found & Checked>();
const found = new WeakMap<Migration, Found>();
