import type { ShapeItem } from "./shape";

/** Where one schema differs from another: the difference as data, and as a sentence. */
export interface Difference {
  readonly kind: string;
  /** The table that the object belongs to, or null. */
  readonly parent: string | null;
  readonly object: string;
  /** What of the object differs; `existence` where only one of the schemas has it. */
  readonly what: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly message: string;
}

/** What a schema has otherwise than it should. What follows from another difference isn't told again. */
export function compareShapes(expected: readonly ShapeItem[], found: readonly ShapeItem[]): Difference[] {
  const wanted = grouped(expected);
  const present = grouped(found);
  const nouns = new Map(
    [...expected, ...found].filter(({ parent }) => parent === null).map((item) => [item.name, item.kind]),
  );
  const differences: Difference[] = [];
  for (const key of new Set([...wanted.keys(), ...present.keys()])) {
    for (const [a, b] of pairs(wanted.get(key) ?? [], present.get(key) ?? [])) {
      if (a === null && b !== null) differences.push(existence(b, false, nouns));
      else if (a !== null && b === null) differences.push(existence(a, true, nouns));
      else if (a !== null && b !== null) differences.push(...changes(a, b, nouns));
    }
  }
  return withoutConsequences(differences);
}

function grouped(items: readonly ShapeItem[]): Map<string, ShapeItem[]> {
  const groups = new Map<string, ShapeItem[]>();
  for (const item of items) {
    const key = JSON.stringify([item.kind, item.parent, item.name]);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** Generated names may be the same but for a number: of those, what is equal belongs together. */
function pairs(wanted: readonly ShapeItem[], present: readonly ShapeItem[]): [ShapeItem | null, ShapeItem | null][] {
  const text = ({ definition }: ShapeItem) => JSON.stringify(definition);
  const rest = [...present];
  const unmatched = wanted.filter((item) => {
    const at = rest.findIndex((other) => text(other) === text(item));
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  return Array.from({ length: Math.max(unmatched.length, rest.length) }, (_, index) => [
    unmatched[index] ?? null,
    rest[index] ?? null,
  ]);
}

type Nouns = ReadonlyMap<string, string>;

function existence(item: ShapeItem, lacking: boolean, nouns: Nouns): Difference {
  const { kind, parent, name, definition } = item;
  const noun = `${kind}${name === "" ? "" : ` ${name}`}`;
  const text =
    typeof definition.definition === "string" && !definition.definition.includes("\n")
      ? ` (${definition.definition})`
      : "";
  const message =
    parent === null
      ? lacking
        ? `${noun} is missing`
        : `${noun} is there, and the prototype has none`
      : `${nouns.get(parent) ?? "object"} ${parent} ${lacking ? `lacks ${noun}` : `has an extra ${noun}`}${text}`;
  const whole = JSON.stringify(definition);
  return {
    kind,
    parent,
    object: name,
    what: "existence",
    expected: lacking ? whole : null,
    found: lacking ? null : whole,
    message,
  };
}

function changes(a: ShapeItem, b: ShapeItem, nouns: Nouns): Difference[] {
  const aspects = new Set([...Object.keys(a.definition), ...Object.keys(b.definition)]);
  return [...aspects].flatMap((what) => {
    const expected = aspectOf(a, what);
    const found = aspectOf(b, what);
    if (expected === found) return [];
    const { kind, parent, name: object } = a;
    const subject = `${kind}${object === "" ? " itself" : ` ${object}`}${parent === null ? "" : ` of ${nouns.get(parent) ?? "object"} ${parent}`}`;
    const message =
      what === "columns" && sameSet(expected, found)
        ? `${subject}: its columns stand in another order (${found} instead of ${expected})`
        : what === "privileges"
          ? `${subject}: ${toldPrivileges(expected, found)}`
          : `${subject}: ${what} ${told(expected, found)}`;
    return [{ kind, parent, object, what, expected, found, message }];
  });
}

function aspectOf({ definition }: ShapeItem, what: string): string | null {
  const value = definition[what];
  return value === null || value === undefined ? null : String(value);
}

function told(expected: string | null, found: string | null): string {
  const long = [expected, found].some((value) => value !== null && (value.includes("\n") || value.length > 120));
  if (long)
    return found === null ? "is missing" : expected === null ? "is there, and the prototype has none" : "differs";
  return `is ${found ?? "not set"} instead of ${expected ?? "not set"}`;
}

/** An access list that was never touched has no entries of its own. */
function toldPrivileges(expected: string | null, found: string | null): string {
  if (expected === null || found === null) {
    return `privileges are ${found ?? "those of a new object"} instead of ${expected ?? "those of a new object"}`;
  }
  const [wanted, present] = [expected.split(", "), found.split(", ")];
  const lacking = wanted.filter((entry) => !present.includes(entry));
  const extra = present.filter((entry) => !wanted.includes(entry));
  const parts = [
    lacking.length === 0 ? null : `lack ${lacking.join(", ")}`,
    extra.length === 0 ? null : `have also ${extra.join(", ")}`,
  ];
  return `privileges ${parts.filter((part) => part !== null).join(" and ")}`;
}

function sameSet(a: string | null, b: string | null): boolean {
  const sorted = (list: string | null) => list?.split(", ").sort().join();
  return sorted(a) === sorted(b);
}

/** A missing table lacks its columns, a missing column leads to another list of columns, and a missing key to a missing index. */
function withoutConsequences(differences: readonly Difference[]): Difference[] {
  const id = (kind: string, parent: string | null, object: string) => JSON.stringify([kind, parent, object]);
  const ofOne = differences.filter(({ what }) => what === "existence");
  const alone = new Set(ofOne.filter(({ parent }) => parent === null).map(({ object }) => object));
  const parts = new Set(ofOne.map(({ kind, parent, object }) => id(kind, parent, object)));
  const lists = new Set(ofOne.filter(({ kind }) => kind === "column").map(({ parent }) => parent));
  const moved = new Set(differences.filter(({ what }) => what === "parents").map(({ object }) => object));
  const nullable = new Set(
    differences.filter(({ kind, what }) => kind === "column" && what === "not null").map(({ parent }) => parent),
  );
  return differences.filter(({ kind, parent, object, what, expected, found }) => {
    if (parent !== null && alone.has(parent)) return false;
    if (parent !== null && moved.has(parent) && consequences.has(what)) return false;
    if (what === "columns" && lists.has(object) && !sameSet(expected, found)) return false;
    if (kind === "index" && what === "existence") return !parts.has(id("constraint", parent, object));
    const definition = JSON.parse(
      (what === "existence" ? (expected ?? found) : null) ?? "{}",
    ) as ShapeItem["definition"];
    const notNull = kind === "constraint" && String(definition.definition).startsWith("NOT NULL");
    return !(notNull && (lists.has(parent) || nullable.has(parent)));
  });
}

/** What a table that lost its parent has otherwise, too. */
const consequences: ReadonlySet<string> = new Set(["inherited", "identity", "of index"]);
