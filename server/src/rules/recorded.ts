import type { Catalog } from "../model/catalog";
import type { Earlier } from "./earlier";

/** What the rules asked for while they checked one statement. */
export interface Asked {
  /** The names that it was about, folded. */
  readonly names: Set<string>;
  /** The look-ups that are about no one name, and what they gave. */
  readonly totals: { readonly ask: (earlier: Earlier) => unknown; readonly answer: unknown }[];
}

export function newlyAsked(): Asked {
  return { names: new Set(), totals: [] };
}

/** A catalog that notes what it is asked. */
export function recordedCatalog(catalog: Catalog, { names }: Asked, fold: (name: string) => string): Catalog {
  return {
    lookUp(name, space) {
      names.add(fold(name));
      return catalog.lookUp(name, space);
    },
    find(schema, name, space) {
      names.add(fold(name));
      return catalog.find(schema, name, space);
    },
    column(schema, table, column) {
      names.add(fold(table));
      return catalog.column(schema, table, column);
    },
  };
}

/** The earlier statements, noting what is asked of them. */
export function recordedEarlier(earlier: Earlier, { names, totals }: Asked, fold: (name: string) => string): Earlier {
  const total = <T>(ask: (earlier: Earlier) => T): T => {
    const answer = ask(earlier);
    totals.push({ ask, answer });
    return answer;
  };
  return {
    createsTable(schema, name) {
      names.add(fold(name));
      return earlier.createsTable(schema, name);
    },
    addsColumn(schema, table, column) {
      names.add(fold(table));
      return earlier.addsColumn(schema, table, column);
    },
    addsUnchecked(schema, table, constraint) {
      names.add(fold(table));
      return earlier.addsUnchecked(schema, table, constraint);
    },
    locksExclusively(schema, name) {
      names.add(fold(name));
      return earlier.locksExclusively(schema, name);
    },
    firstExclusive: () => total((one) => one.firstExclusive()),
    exclusiveCount: () => total((one) => one.exclusiveCount()),
    firstBulkChange: () => total((one) => one.firstBulkChange()),
    createsAtLeast: (count) => total((one) => one.createsAtLeast(count)),
    newEnumValues: () => total((one) => one.newEnumValues()),
    createdCount: () => total((one) => one.createdCount()),
  };
}
