import type { CatalogHistory, OpenCatalog } from "../model/catalog";
import type { Migration } from "../model/migration";
import type { SlicedText } from "../sql/editedText";
import type { AnalysedStatement, StatementFacts } from "../sql/facts";
import { replaceIn } from "../sql/replaceIn";
import { type Earlier, type OpenEarlier, openEarlier, type TotalsVersions } from "./earlier";
import { PlacedFinding, type StatementReport } from "./finding";
import type { LintSettings } from "./lint";
import { type Asked, isOutdated, newlyAsked, RecordedCatalog, RecordedEarlier, RecordedLater } from "./recorded";
import type { RuleContext } from "./rule";
import { summaryOf } from "./summary";

/** A file whose statements are checked. */
export interface CheckedFile {
  readonly migration: Migration;
  /** That the statements stand in. */
  readonly text: SlicedText;
  readonly statements: readonly AnalysedStatement[];
  /** Where the first of the statements stands among all those of the text. */
  readonly first: number;
  readonly history: CatalogHistory;
  readonly settings: LintSettings;
}

/**
 * What is reported of the statements, in their order, in a list of its own. A statement is checked again only where it is another one than before, or where something that its
 * rules asked for may have another answer now.
 * @param check goes through the rules
 * @param isOver is asked after some statements each whether to go on another time
 * @returns null where it has to go on another time
 */
export function findingsIn(
  file: CheckedFile,
  check: (context: RuleContext) => Iterable<StatementReport>,
  isOver: () => boolean,
): PlacedFinding[] | null {
  const kept = keptOf(file);
  const found: PlacedFinding[] = [];
  let checked = 0;
  // Of thousands of statements hardly any has reports, and what is made for each of them behind a key is soon a burden.
  for (let index = 0; index < kept.statements.length; index++) {
    const one = kept.statements[index];
    const statement = file.statements[index];
    if (one === undefined || statement === undefined) continue;
    if (one.reports === null) {
      if (checked > 0 && checked % checkedAtOnce === 0 && isOver()) return null;
      const asked = newlyAsked();
      one.reports = [...check(contextOf(file, statement, index, kept.earlier.before(index), asked))].sort(byPlace);
      remember(kept, one, asked);
      checked++;
    }
    if (one.reports.length > 0) found.push(...placed(one, one.reports, statement.start));
  }
  return found;
}

const checkedAtOnce = 16;

/** What is kept of a file, without what may have changed since. */
function keptOf(file: CheckedFile): Kept {
  const { history, settings, migration } = file;
  const { path, scope, transactional } = migration;
  const ofFiles = known.get(history.of) ?? new Map<string, Kept>();
  known.set(history.of, ofFiles);
  const before = ofFiles.get(path);
  const changed = before ? history.changedSince(before.version) : "all";
  const isSame = before?.settings === settings && before.scope === scope && before.transactional === transactional;
  const kept = before === undefined || changed === "all" || !isSame ? newlyKept(file) : before;
  const { start, names } = replaceStatements(kept, file);
  for (const name of changed === "all" ? [] : changed) forget(kept, name);
  if (names.size > 0) {
    for (const name of names) for (const one of history.together(name)) forget(kept, one);
    forgetChangedTotals(kept, start);
  }
  kept.version = history.version;
  ofFiles.set(path, kept);
  return kept;
}

/** The names, folded, about which the rules have asked while they checked a file's statements last. */
export function namesAsked(history: CatalogHistory, path: string): string[] {
  return [...(known.get(history.of)?.get(path)?.askers.keys() ?? [])];
}

/** Those of them about which the rules have asked what becomes of them later, so that files behind this one may make its findings other ones. */
export function namesAskedLater(history: CatalogHistory, path: string): string[] {
  const kept = known.get(history.of)?.get(path);
  return [...new Set(kept?.statements.flatMap(({ asked }) => [...(asked?.later ?? [])]))];
}

/** Lets go of what is kept of a file that won't be checked again soon. */
export function forgetFindings(history: CatalogHistory, path: string): void {
  known.get(history.of)?.delete(path);
}

/** What was found in a file, for as long as the history is. */
interface Kept {
  readonly settings: LintSettings;
  readonly scope: Migration["scope"];
  readonly transactional: boolean;
  /** Of the history, when everything here was right. */
  version: number;
  readonly statements: KeptStatement[];
  readonly earlier: OpenEarlier;
  /** Of what stands before the statements, when everything here was right. */
  totals: TotalsVersions;
  /** The statements whose rules asked about a name, as the history folds it. */
  readonly askers: Map<string, Set<KeptStatement>>;
}

interface KeptStatement {
  readonly facts: StatementFacts;
  asked: Asked | null;
  /** Null where they have to be found anew. */
  reports: readonly StatementReport[] | null;
  /** The reports where the statement stood last. */
  findings: readonly PlacedFinding[];
}

const known = new WeakMap<OpenCatalog, Map<string, Kept>>();

function newlyKept({ migration: { scope, transactional }, settings, history }: CheckedFile): Kept {
  const earlier = openEarlier({ settings, scope, transactional });
  const { version } = history;
  return {
    settings,
    scope,
    transactional,
    version,
    statements: [],
    earlier,
    totals: earlier.totals,
    askers: new Map(),
  };
}

/** Takes in the statements as they are now. @returns where the first of those stands that have come or gone, and the names, folded, with which they do something. */
function replaceStatements(
  kept: Kept,
  { text, statements, settings }: CheckedFile,
): { readonly start: number; readonly names: ReadonlySet<string> } {
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
  const come = statements.slice(start, statements.length - end);
  const added = come.map(({ facts }): KeptStatement => ({ facts, asked: null, reports: null, findings: [] }));
  const gone = replaceIn(before, start, before.length - end - start, added);
  if (gone.length + come.length === 0) return { start, names: noNames };
  for (const one of gone) unremember(kept, one);
  const summaries = come.map((statement) => summaryOf(text, statement, settings.dialect));
  return { start, names: kept.earlier.replace(start, gone.length, summaries) };
}

const noNames: ReadonlySet<string> = new Set();

function placed(one: KeptStatement, reports: readonly StatementReport[], at: number): readonly PlacedFinding[] {
  const [first] = one.findings;
  const isSame = one.findings.length === reports.length && first?.lasting === reports[0] && first?.statement === at;
  if (!isSame || reports.some(({ related }) => related.length > 0))
    one.findings = reports.map((report) => new PlacedFinding(report, at));
  return one.findings;
}

function byPlace(a: StatementReport, b: StatementReport): number {
  return a.start - b.start || a.end - b.end;
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

/** The look-ups that are about no one name are made again, where they may give something else: from the first statement on that has come or gone. */
function forgetChangedTotals(kept: Kept, start: number): void {
  const { earlier, totals: before } = kept;
  const { totals: now } = earlier;
  kept.totals = now;
  const isChanged = (kind: keyof TotalsVersions) => before[kind] !== now[kind];
  const isAnyChanged = isChanged("locks") || isChanged("bulk") || isChanged("enumValues");
  // Made once for all statements, of which there may be thousands.
  const restsOnChanged = ({ of }: Asked["totals"][number]) => isChanged(of.kind);
  for (let index = start; index < kept.statements.length; index++) {
    const statement = kept.statements[index];
    const asked = statement?.asked ?? null;
    if (statement === undefined || asked === null) continue;
    const created = earlier.created(index);
    const isCounted = asked.atLeast <= created && created < asked.fewerThan;
    const mayDiffer = isAnyChanged && asked.totals.some(restsOnChanged);
    if (!isCounted || (mayDiffer && isOutdated(asked, earlier.before(index), isChanged))) unremember(kept, statement);
  }
}

function contextOf(
  { migration, text, first, history, settings }: CheckedFile,
  statement: AnalysedStatement,
  index: number,
  earlier: Earlier,
  asked: Asked,
): RuleContext {
  const { fold } = history.of;
  return {
    settings,
    scope: migration.scope,
    transactional: migration.transactional,
    catalog: new RecordedCatalog(history.before(migration.path, first + index), asked, fold),
    // Few names are asked for there.
    get later() {
      return new RecordedLater(history.end, asked, fold);
    },
    earlier: new RecordedEarlier(earlier, asked, fold),
    tenants: settings.tenants,
    isTenant: settings.isTenant,
    levelOf: settings.levelOf,
    statement,
    statementText: text.slice(statement.start, statement.end),
  };
}
