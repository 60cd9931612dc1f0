import type { ProofNames } from "./renderProof";
import { changesInText } from "./renderTokens";

/**
 * Compares two of PostgreSQL's parse trees.
 * @returns in how many places the second has the tenant's name where the first has the prototype's, or null where anything else differs
 */
export function changesInTree(before: unknown, after: unknown, names: ProofNames): number | null {
  let count = 0;
  const pairs: [unknown, unknown][] = [[before, after]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [one, other] = pair;
    if (one === other) continue;
    if (typeof one === "string" && typeof other === "string") {
      const changes = changesInText(one, other, names);
      if (changes === null) return null;
      count += changes;
      continue;
    }
    if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return null;
    if (Array.isArray(one) !== Array.isArray(other)) return null;
    const left = significant(one);
    const right = new Map(significant(other));
    if (left.length !== right.size) return null;
    for (const [key, value] of left) {
      if (!right.has(key)) return null;
      pairs.push([value, right.get(key)]);
    }
  }
  return count;
}

/** Whether a tree names the schema anywhere: in a field that holds schemas, or in front of another name. */
export function namesSchema(tree: unknown, schema: string): boolean {
  const nodes: { key: string; value: unknown }[] = [{ key: "", value: tree }];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const { key, value } = node;
    if (typeof value === "string" && value === schema && schemaFields.has(key)) return true;
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value) && value.length > 1 && isDottedName(key, value, schema)) return true;
    const ofSchemas =
      aboutSchemas.has(key) || Object.values(value).some((kind) => typeof kind === "string" && aboutSchemas.has(kind));
    if (ofSchemas && holdsString(value, schema)) return true;
    for (const [name, item] of Object.entries(value))
      nodes.push({ key: Array.isArray(value) ? key : name, value: item });
  }
  return false;
}

/** The fields of a node that don't tell where it stands in the text. */
function significant(node: object): [string, unknown][] {
  return Object.entries(node).filter(
    ([key]) => !/(?:^|_)location$|^stmt_len$|^(?:rexpr_)?list_(?:start|end)$/.test(key),
  );
}

const schemaFields: ReadonlySet<string> = new Set(["schemaname", "newschema", "remote_schema", "local_schema"]);

/** The values that say that the names beside them are schemas'. */
const aboutSchemas: ReadonlySet<string> = new Set([
  ...[
    "OBJECT_SCHEMA",
    "ACL_TARGET_ALL_IN_SCHEMA",
    "PUBLICATIONOBJ_TABLES_IN_SCHEMA",
    "schema",
    "schemas",
    "search_path",
  ],
]);

/** Lists of plain names, which are no dotted name: columns, for the most part. */
const plainLists: ReadonlySet<string> = new Set([
  ...[
    "keys",
    "fk_attrs",
    "pk_attrs",
    "fk_del_set_cols",
    "colnames",
    "aliascolnames",
    "ctecolnames",
    "usingClause",
    "attlist",
  ],
  ...["columns", "cols", "including", "roles", "vals", "relations", "indirection", "withoutOverlaps"],
]);

function isDottedName(key: string, list: readonly unknown[], schema: string): boolean {
  if (plainLists.has(key) || stringOf(list[0]) !== schema) return false;
  return key !== "fields" || list.length > 2;
}

function stringOf(node: unknown): string | null {
  if (typeof node !== "object" || node === null || !("String" in node)) return null;
  const { String: string } = node;
  return typeof string === "object" && string !== null && "sval" in string && typeof string.sval === "string"
    ? string.sval
    : null;
}

function holdsString(tree: object, wanted: string): boolean {
  const nodes: unknown[] = [tree];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node === wanted) return true;
    if (typeof node === "object" && node !== null) nodes.push(...Object.values(node).filter((value) => value !== null));
  }
  return false;
}
