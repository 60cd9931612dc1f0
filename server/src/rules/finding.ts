import type { Span } from "../sql/span";
import type { Fix, Related, Report, RuleEntry, Severity } from "./rule";

/** What is reported of a file: a place in its text, which rule, and how much it weighs. */
export interface Finding extends Span {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fixes: readonly Fix[];
  readonly related?: readonly Related[];
  /** The same object for as long as nothing of it changes but places. */
  readonly lasting?: object;
}

/** What a rule reports of a statement, as the folder weighs it; places are relative to the statement. */
export interface StatementReport extends Report {
  readonly rule: RuleEntry;
  readonly severity: Severity;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
}

/** A report in its statement's place. One is made for each report behind a key that is typed, so it holds no more than it has to. */
export class PlacedFinding implements Finding {
  readonly lasting: StatementReport;
  /** Where the statement begins. */
  readonly statement: number;
  readonly related: readonly Related[];

  constructor(report: StatementReport, statement: number) {
    this.lasting = report;
    this.statement = statement;
    this.related = report.related.length === 0 ? report.related : report.related.map(placed);
  }

  get rule(): string {
    return this.lasting.rule.id;
  }

  get severity(): Severity {
    return this.lasting.severity;
  }

  get start(): number {
    return this.lasting.start + this.statement;
  }

  get end(): number {
    return this.lasting.end + this.statement;
  }

  get message(): string {
    return this.lasting.message;
  }

  get fixes(): readonly Fix[] {
    return this.lasting.fixes.map(({ title, edits, choice }) => {
      const placed = edits.map(({ start, end, text }) => ({
        start: start + this.statement,
        end: end + this.statement,
        text,
      }));
      return choice ? { title, edits: placed, choice } : { title, edits: placed };
    });
  }
}

/** What a report points at moves with the history, and a finding is read when that may have gone on to another text. */
function placed({ file, start, end, message }: Related): Related {
  return { file, start, end, message };
}

/** A finding's fixes, for what doesn't depend on their places. */
export function unplacedFixes(finding: Finding): readonly Fix[] {
  return finding instanceof PlacedFinding ? finding.lasting.fixes : finding.fixes;
}
