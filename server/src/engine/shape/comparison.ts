import type { Session } from "../../db/database";
import { compareShapes, type Difference } from "./compare";
import { type Dependency, dependenciesOf } from "./dependencies";
import { sameText } from "./sameText";
import { type NamedSchema, readShape, readShapeHashes, type ShapeItem } from "./shape";

/** How tenants compare with the prototype. */
export interface Comparison {
  /** The tenants that have the prototype's shape, and depend on no schema that they should not. */
  readonly equal: readonly NamedSchema[];
  /** The others, those together that differ in the same way; the largest group first. */
  readonly groups: readonly DifferingGroup[];
  /** What of the prototype itself depends on a tenant. */
  readonly prototypeDependencies: readonly Dependency[];
}

export interface DifferingGroup {
  readonly tenants: readonly NamedSchema[];
  readonly differences: readonly Difference[];
  /** What of the first of them depends on the prototype or on another tenant. */
  readonly dependencies: readonly Dependency[];
}

/**
 * Compares tenants with the prototype: by hashes first, and what differs object by object. The functions of the schema
 * `tenantry` must be there (`install` makes them).
 * @param known every schema that a tenant should know nothing of, beside the prototype
 */
export async function compareWithPrototype(
  session: Session,
  prototype: NamedSchema,
  tenants: readonly NamedSchema[],
  known: readonly NamedSchema[] = tenants,
): Promise<Comparison> {
  const hashes = await readShapeHashes(session, [prototype.id, ...tenants.map(({ id }) => id)]);
  const byHash = new Map<string | undefined, NamedSchema[]>();
  for (const tenant of tenants) {
    const hash = hashes.get(tenant.id);
    byHash.set(hash, [...(byHash.get(hash) ?? []), tenant]);
  }
  const equal = byHash.get(hashes.get(prototype.id)) ?? [];
  byHash.delete(hashes.get(prototype.id));
  const expected = byHash.size === 0 ? [] : await readShape(session, prototype.id);
  const groups: DifferingGroup[] = [];
  const equalAfterAll: NamedSchema[] = [];
  for (const [, members] of byHash) {
    const [first] = members;
    if (first === undefined) continue;
    const differences = await differencesOf(session, prototype, expected, first);
    const dependencies = await dependenciesOf(session, first, [prototype, ...known]);
    if (differences.length + dependencies.length === 0) equalAfterAll.push(...members);
    else groups.push({ tenants: members, differences, dependencies });
  }
  return {
    equal: [...equal, ...equalAfterAll],
    groups: groups.sort((a, b) => b.tenants.length - a.tenants.length),
    prototypeDependencies: await dependenciesOf(session, prototype, known),
  };
}

/** Where a schema differs from another one whose shape was read. */
async function differencesOf(
  session: Session,
  prototype: NamedSchema,
  expected: readonly ShapeItem[],
  tenant: NamedSchema,
): Promise<Difference[]> {
  const differences = compareShapes(expected, await readShape(session, tenant.id));
  const texts = differences.filter(({ kind, what }) => routines.has(kind) && (what === "body" || what === "settings"));
  if (texts.length === 0) return differences;
  const wanted = await readTexts(session, prototype);
  const present = await readTexts(session, tenant);
  const same = new Set(
    texts.filter(({ object, what }) => {
      const a = wanted.get(object)?.[what as keyof Texts];
      const b = present.get(object)?.[what as keyof Texts];
      return a != null && b != null && sameText(a, prototype.name, b, tenant.name);
    }),
  );
  return differences.filter((difference) => !same.has(difference));
}

const routines: ReadonlySet<string> = new Set(["function", "procedure"]);

interface Texts {
  readonly body: string | null;
  readonly settings: string | null;
}

/** Bodies and settings of functions as they stand, by the name that they have in a shape. */
async function readTexts(session: Session, schema: NamedSchema): Promise<Map<string, Texts>> {
  const rows = await session.query<Texts & { name: string }>(
    "select name, body, settings from tenantry.texts($1::oid)",
    [schema.id],
  );
  return new Map(rows.map(({ name, ...texts }) => [name, texts]));
}
