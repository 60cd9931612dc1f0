import type { Catalog, KnownColumn, NameSpace, Sides } from "../model/catalog";
import type { Definition } from "../model/timeline";
import type { Earlier, TotalsVersions } from "./earlier";

/** What the rules asked for while they checked one statement. It is kept for each statement of an open file, so it holds no more than it has to. */
export interface Asked {
  /** The names that it was about, folded. */
  readonly names: Set<string>;
  /** Those of them about which it was asked what becomes of them later; null where that was about none. */
  later: Set<string> | null;
  /** What was said of how many objects there are: at least so many, and fewer than so many. */
  atLeast: number;
  fewerThan: number;
  /** The other look-ups that are about no one name, and what they gave. */
  readonly totals: { readonly of: TotalLookUp; readonly answer: string | number | null }[];
}

/** A look-up that is about no one name, and what the answer rests on. */
interface TotalLookUp {
  readonly kind: keyof TotalsVersions;
  ask(earlier: Earlier): string | number | null;
}

/** Whether some of the other look-ups may have another answer now. @param isChanged whether what an answer rests on is something else */
export function isOutdated(
  { totals }: Asked,
  earlier: Earlier,
  isChanged: (kind: keyof TotalsVersions) => boolean,
): boolean {
  for (const { of, answer } of totals) if (isChanged(of.kind) && of.ask(earlier) !== answer) return true;
  return false;
}

export function newlyAsked(): Asked {
  return { names: new Set(), later: null, atLeast: 0, fewerThan: 2 ** 30, totals: [] };
}

type Fold = (name: string) => string;

/** Takes down what is asked of the one behind it. */
class Recorder<Behind> {
  protected readonly behind: Behind;
  protected readonly asked: Asked;
  protected readonly fold: Fold;

  constructor(behind: Behind, asked: Asked, fold: Fold) {
    this.behind = behind;
    this.asked = asked;
    this.fold = fold;
  }

  protected noteName(name: string): void {
    this.asked.names.add(this.fold(name));
  }
}

/** A catalog that notes what it is asked. */
export class RecordedCatalog extends Recorder<Catalog> implements Catalog {
  lookUp(name: string, space?: NameSpace): Sides {
    this.noteName(name);
    return this.behind.lookUp(name, space);
  }

  find(schema: string, name: string, space?: NameSpace): Definition | null {
    this.noteName(name);
    return this.behind.find(schema, name, space);
  }

  column(schema: string, table: string, column: string): KnownColumn | null {
    this.noteName(table);
    return this.behind.column(schema, table, column);
  }
}

/** The catalog at the history's end, of which it is noted, too, that it was asked. */
export class RecordedLater extends RecordedCatalog {
  protected override noteName(name: string): void {
    super.noteName(name);
    this.asked.later ??= new Set();
    this.asked.later.add(this.fold(name));
  }
}

/** The earlier statements, noting what is asked of them. */
export class RecordedEarlier extends Recorder<Earlier> implements Earlier {
  createsTable(schema: string | null, name: string): boolean {
    this.noteName(name);
    return this.behind.createsTable(schema, name);
  }

  addsColumn(schema: string | null, table: string, column: string): boolean {
    this.noteName(table);
    return this.behind.addsColumn(schema, table, column);
  }

  addsUnchecked(schema: string | null, table: string, constraint: string): boolean {
    this.noteName(table);
    return this.behind.addsUnchecked(schema, table, constraint);
  }

  locksExclusively(schema: string | null, name: string): boolean {
    this.noteName(name);
    return this.behind.locksExclusively(schema, name);
  }

  firstExclusive(): string | null {
    return this.#noted(firstExclusive, this.behind.firstExclusive());
  }

  exclusiveCount(): number {
    return this.#noted(exclusiveCount, this.behind.exclusiveCount());
  }

  firstBulkChange(): string | null {
    return this.#noted(firstBulkChange, this.behind.firstBulkChange());
  }

  newEnumValues(): string {
    return this.#noted(newEnumValues, this.behind.newEnumValues());
  }

  createsAtLeast(count: number): boolean {
    const isSo = this.behind.createsAtLeast(count);
    if (isSo) this.asked.atLeast = Math.max(this.asked.atLeast, count);
    else this.asked.fewerThan = Math.min(this.asked.fewerThan, count);
    return isSo;
  }

  createdCount(): number {
    const count = this.behind.createdCount();
    this.asked.atLeast = count;
    this.asked.fewerThan = count + 1;
    return count;
  }

  #noted<T extends string | number | null>(of: TotalLookUp, answer: T): T {
    const { totals } = this.asked;
    if (!totals.some((one) => one.of === of)) totals.push({ of, answer });
    return answer;
  }
}

// One of each for all statements.
const firstExclusive: TotalLookUp = { kind: "locks", ask: (earlier) => earlier.firstExclusive() };
const exclusiveCount: TotalLookUp = { kind: "locks", ask: (earlier) => earlier.exclusiveCount() };
const firstBulkChange: TotalLookUp = { kind: "bulk", ask: (earlier) => earlier.firstBulkChange() };
const newEnumValues: TotalLookUp = { kind: "enumValues", ask: (earlier) => earlier.newEnumValues() };
