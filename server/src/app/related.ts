import type { Migration } from "../model/migration";
import type { Project } from "../project/project";
import type { Finding } from "../rules/finding";
import { type LineIndex, type LinePosition, lineIndex } from "../sql/lineIndex";

/** Another place that a finding is about; the path is relative to the project's root, positions are 0-based and in UTF-16. */
export interface RelatedPlace {
  readonly path: string;
  readonly range: { readonly start: LinePosition; readonly end: LinePosition };
  readonly message: string;
}

/** The places that a file's finding points at, in lines and columns. @param own the path of the file itself. @param ownLines as it was checked */
export function relatedPlaces(
  { migrations }: Project,
  own: string,
  ownLines: LineIndex,
  { related = [] }: Finding,
): RelatedPlace[] {
  return related.flatMap(({ file, start, end, message }) => {
    const other = file === own ? undefined : byPath(migrations).get(file);
    const lines = file === own ? ownLines : other === undefined ? null : linesOf(other);
    if (lines === null) return [];
    return [{ path: file, range: { start: lines.positionAt(start), end: lines.positionAt(end) }, message }];
  });
}

function byPath(migrations: readonly Migration[]): ReadonlyMap<string, Migration> {
  const known = paths.get(migrations) ?? new Map(migrations.map((migration) => [migration.path, migration]));
  paths.set(migrations, known);
  return known;
}

const paths = new WeakMap<readonly Migration[], ReadonlyMap<string, Migration>>();

/** Counted once for each migration, however many findings point at it. */
const counted = new WeakMap<Migration, LineIndex>();

function linesOf(migration: Migration): LineIndex {
  const known = counted.get(migration) ?? lineIndex(migration.text);
  counted.set(migration, known);
  return known;
}
