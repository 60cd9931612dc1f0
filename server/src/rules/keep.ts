import type { CatalogHistory, OpenCatalog } from "../model/catalog";
import type { Migration } from "../model/migration";
import type { AnalysedStatement, StatementFacts } from "../sql/facts";
import { type Earlier, type EarlierStatements, foldEarlier, namesDone } from "./earlier";
import type { LintSettings } from "./lint";
import { type Asked, newlyAsked, recordedCatalog, recordedEarlier } from "./recorded";
import type { Fix, Report, RuleContext, RuleEntry, Severity } from "./rule";

/** What a rule reports of a statement, as the folder weighs it; places are relative to the statement. */
export interface StatementReport extends Report {
  readonly rule: RuleEntry;
  readonly severity: Severity;
  readonly fixes: readonly Fix[];
}

/** A file whose statements are checked. */
export interface CheckedFile {
  readonly migration: Migration;
  /** That the statements stand in. */
  readonly text: string;
  readonly statements: readonly AnalysedStatement[];
  /** Where the first of the statements stands among all those of the text. */
  readonly first: number;
  readonly history: CatalogHistory;
  readonly settings: LintSettings;
}

/**
 * What is reported of the statements that something is reported of. A statement is checked again only where it is another one than before, or where something that its
 * rules asked for may have another answer now.
 * @param check goes through the rules
 */
export function reportsOf(
  file: CheckedFile,
  check: (context: RuleContext) => Iterable<StatementReport>,
): readonly { readonly reports: readonly StatementReport[]; readonly index: number }[] {
  const { history, settings, migration } = file;
  const { path, scope, transactional } = migration;
  const ofFiles = known.get(history.of) ?? new Map<string, Kept>();
  known.set(history.of, ofFiles);
  const before = ofFiles.get(path);
  const changed = before ? history.changedSince(before.version) : "all";
  const isSame = before?.settings === settings && before.scope === scope && before.transactional === transactional;
  const kept = before === undefined || changed === "all" || !isSame ? newlyKept(file) : before;
  const inside = replaceStatements(kept, file);
  const together = [...inside.names].flatMap((name) => [...history.together(name)]);
  for (const name of [...(changed === "all" ? [] : changed), ...together]) forget(kept, name);
  const earlier = foldEarlier(file.text, file.statements, { settings, scope, transactional });
  if (inside.names.size > 0) forgetChangedTotals(kept, earlier);
  kept.statements.forEach((one, index) => {
    if (one.reports !== null) return;
    const statement = file.statements[index];
    if (statement === undefined) return;
    const asked = newlyAsked();
    const context = contextOf(file, statement, index, earlier.before(index), asked);
    one.reports = [...check(context)];
    remember(kept, one, asked);
  });
  kept.version = history.version;
  ofFiles.set(path, kept);
  return kept.statements.flatMap(({ reports }, index) => (reports?.length ? [{ reports, index }] : []));
}

/** What was found in a file, for as long as the history is. */
interface Kept {
  readonly settings: LintSettings;
  readonly scope: Migration["scope"];
  readonly transactional: boolean;
  /** Of the history, when everything here was right. */
  version: number;
  statements: KeptStatement[];
  /** The statements whose rules asked about a name, as the history folds it. */
  readonly askers: Map<string, Set<KeptStatement>>;
}

interface KeptStatement {
  readonly facts: StatementFacts;
  /** What the statement does that those after it may ask about, by its names. */
  readonly done: readonly string[];
  asked: Asked | null;
  /** Null where they have to be found anew. */
  reports: readonly StatementReport[] | null;
}

const known = new WeakMap<OpenCatalog, Map<string, Kept>>();

function newlyKept({ migration: { scope, transactional }, settings, history }: CheckedFile): Kept {
  return { settings, scope, transactional, version: history.version, statements: [], askers: new Map() };
}

/** Takes in the statements as they are now. @returns the names with which those that have come or gone do something. */
function replaceStatements(kept: Kept, { text, statements, settings, history }: CheckedFile): { names: Set<string> } {
  const before = kept.statements;
  const most = Math.min(before.length, statements.length);
  let start = 0;
  while (start < most && before[start]?.facts === statements[start]?.facts) start++;
  let end = 0;
  while (
    end < most - start &&
    before[before.length - 1 - end]?.facts === statements[statements.length - 1 - end]?.facts
  )
    end++;
  const gone = before.slice(start, before.length - end);
  const come = statements.slice(start, statements.length - end).map((statement): KeptStatement => {
    const done = namesDone(text, statement, settings).map(history.of.fold);
    return { facts: statement.facts, done, asked: null, reports: null };
  });
  for (const one of gone) unremember(kept, one);
  if (gone.length > 0 || come.length > 0)
    kept.statements = [...before.slice(0, start), ...come, ...before.slice(before.length - end)];
  return { names: new Set([...gone, ...come].flatMap(({ done }) => done)) };
}

function remember(kept: Kept, statement: KeptStatement, asked: Asked): void {
  statement.asked = asked;
  for (const name of asked.names) {
    const askers = kept.askers.get(name) ?? new Set();
    askers.add(statement);
    kept.askers.set(name, askers);
  }
}

function unremember(kept: Kept, statement: KeptStatement): void {
  for (const name of statement.asked?.names ?? []) {
    const askers = kept.askers.get(name);
    askers?.delete(statement);
    if (askers?.size === 0) kept.askers.delete(name);
  }
  statement.asked = null;
  statement.reports = null;
}

/** What is said of a name may be something else now. */
function forget(kept: Kept, name: string): void {
  for (const statement of [...(kept.askers.get(name) ?? [])]) unremember(kept, statement);
}

/** The look-ups that are about no one name are made again. */
function forgetChangedTotals(kept: Kept, earlier: EarlierStatements): void {
  kept.statements.forEach((statement, index) => {
    const totals = statement.asked?.totals ?? [];
    if (totals.length === 0) return;
    const now = earlier.before(index);
    if (totals.some(({ ask, answer }) => ask(now) !== answer)) unremember(kept, statement);
  });
}

function contextOf(
  { migration, text, first, history, settings }: CheckedFile,
  statement: AnalysedStatement,
  index: number,
  earlier: Earlier,
  asked: Asked,
): RuleContext {
  return {
    settings,
    scope: migration.scope,
    transactional: migration.transactional,
    catalog: recordedCatalog(history.before(migration.path, first + index), asked, history.of.fold),
    earlier: recordedEarlier(earlier, asked, history.of.fold),
    tenants: settings.tenants,
    isTenant: settings.isTenant,
    levelOf: settings.levelOf,
    statement,
    statementText: text.slice(statement.start, statement.end),
  };
}
