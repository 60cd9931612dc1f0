/** What PostgreSQL's own parse tree says of a statement's tables and foreign keys, found independently of the product's scan. */
export interface Truth {
  readonly tables: readonly string[];
  readonly foreignKeys: readonly string[];
  /** Names of temporary tables that the statement makes. */
  readonly temporary: readonly string[];
  /** Names that a trigger gives to its transition tables. */
  readonly transition: readonly string[];
}

type Node = Readonly<Record<string, unknown>>;
type Names = ReadonlySet<string>;

/** Reads one statement's tree, as libpg-query gives it. Names are `schema.name`, or `name` where no schema is written. */
export function truthOf(tree: unknown): Truth {
  const truth: Collected = { tables: [], foreignKeys: [], temporary: [], transition: [], places: new Set() };
  visit(tree, new Set(), null, truth);
  return truth;
}

interface Collected {
  tables: string[];
  foreignKeys: string[];
  temporary: string[];
  transition: string[];
  /** Where the tables found stand: `SET (a, b) = (SELECT …)` is in the tree once for each column. */
  places: Set<number>;
}

function visit(value: unknown, hidden: Names, owner: string | null, out: Collected): void {
  if (Array.isArray(value)) for (const item of value) visit(item, hidden, owner, out);
  if (!isNode(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (isNode(child) && key in special) special[key]?.(child, hidden, owner, out);
    else if (isNode(child) && "withClause" in child) query(child, hidden, owner, out);
    else if (isNode(child) && isRangeVar(key, child)) add(child, hidden, out);
    else visit(child, hidden, owner, out);
  }
}

type Reader = (node: Node, hidden: Names, owner: string | null, out: Collected) => void;

const special: Readonly<Record<string, Reader>> = {
  lockingClause: () => {},
  LockingClause: () => {},
  ConstraintsSetStmt: () => {},
  ImportForeignSchemaStmt: () => {},
  CompositeTypeStmt: (node, hidden, owner, out) => visit(node.coldeflist, hidden, owner, out),
  CreateSeqStmt: (node, hidden, owner, out) => visit(node.options, hidden, owner, out),
  AlterSeqStmt: (node, hidden, owner, out) => visit(node.options, hidden, owner, out),
  CreateForeignTableStmt: (node, hidden, owner, out) => {
    const { base, options: _options } = node;
    if (isNode(base)) special.CreateStmt?.(base, hidden, owner, out);
  },
  CreateStmt: (node, hidden, _owner, out) => {
    remember(node.relation, out);
    visit(node, hidden, nameOf(node.relation), out);
  },
  CreateTableAsStmt: (node, hidden, owner, out) => {
    if (isNode(node.into)) remember(node.into.rel, out);
    visit(node, hidden, owner, out);
  },
  ViewStmt: (node, hidden, owner, out) => {
    remember(node.view, out);
    visit(node, hidden, owner, out);
  },
  intoClause: (node, hidden, owner, out) => {
    remember(node.rel, out);
    visit(node, hidden, owner, out);
  },
  AlterTableStmt: (node, hidden, _owner, out) => {
    const { relation, ...rest } = node;
    const isTable = !notTables.has(String(node.objtype));
    if (isTable) visit(node, hidden, nameOf(relation), out);
    else if (node.objtype !== "OBJECT_INDEX") visit(rest, hidden, nameOf(relation), out);
  },
  RenameStmt: (node, hidden, owner, out) => relationUnless(node, String(node.renameType), hidden, owner, out),
  AlterObjectSchemaStmt: (node, hidden, owner, out) =>
    relationUnless(node, String(node.objectType), hidden, owner, out),
  AlterObjectDependsStmt: (node, hidden, owner, out) => {
    relationUnless(node, String(node.objectType), hidden, owner, out);
    if (node.objectType === "OBJECT_MATVIEW") listed(node.object, 0, out);
  },
  RuleStmt: (node, hidden, owner, out) => {
    add(node.relation, hidden, out);
    visit({ a: node.whereClause, b: node.actions }, new Set([...hidden, "old", "new"]), owner, out);
  },
  CreateTrigStmt: (node, hidden, _owner, out) => {
    add(node.relation, hidden, out);
    add(node.constrrel, hidden, out);
    for (const item of asList(node.transitionRels)) {
      const named = isNode(item) ? item.TriggerTransition : null;
      if (isNode(named)) out.transition.push(String(named.name));
    }
  },
  ReindexStmt: (node, hidden, _owner, out) => {
    if (node.kind === "REINDEX_OBJECT_TABLE") add(node.relation, hidden, out);
  },
  GrantStmt: (node, hidden, owner, out) => {
    if (node.objtype === "OBJECT_TABLE") visit(node.objects, hidden, owner, out);
  },
  DropStmt: (node, _hidden, _owner, out) => {
    for (const name of asList(node.objects)) ofKind(String(node.removeType), name, out);
  },
  CommentStmt: (node, _hidden, _owner, out) => ofKind(String(node.objtype), node.object, out),
  SecLabelStmt: (node, _hidden, _owner, out) => ofKind(String(node.objtype), node.object, out),
  AlterExtensionContentsStmt: (node, _hidden, _owner, out) => ofKind(String(node.objtype), node.object, out),
  DefElem: (node, hidden, owner, out) => {
    if (node.defname === "owned_by" && asList(stringsOf(node.arg)).length > 1) listed(node.arg, 1, out);
    else visit(node.arg, hidden, owner, out);
  },
  Constraint: (node, hidden, owner, out) => {
    if (node.contype === "CONSTR_FOREIGN") out.foreignKeys.push(`${owner ?? "?"} -> ${nameOf(node.pktable) ?? "?"}`);
    const { options: _options, ...rest } = node;
    visit(rest, hidden, owner, out);
  },
};

const notTables: Names = new Set(["OBJECT_INDEX", "OBJECT_SEQUENCE", "OBJECT_TYPE", "OBJECT_ATTRIBUTE"]);
const tables: Names = new Set(["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"]);
const partsOfTables: Names = new Set([
  ...["OBJECT_COLUMN", "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_RULE", "OBJECT_POLICY"],
]);

function relationUnless(node: Node, kind: string, hidden: Names, owner: string | null, out: Collected): void {
  const related = kind === "OBJECT_ATTRIBUTE" ? String(node.relationType) : kind;
  if (!notTables.has(related)) visit(node.relation && { RangeVar: node.relation }, hidden, owner, out);
}

function ofKind(kind: string, name: unknown, out: Collected): void {
  if (tables.has(kind)) listed(name, 0, out);
  if (partsOfTables.has(kind)) listed(name, 1, out);
}

function listed(name: unknown, dropped: number, out: Collected): void {
  const parts = stringsOf(name);
  push(parts.slice(0, parts.length - dropped).slice(-2), new Set(), out);
}

/** A query with WITH: its names hide tables in what follows, and in all of its queries where it is RECURSIVE. */
function query(node: Node, hidden: Names, owner: string | null, out: Collected): void {
  const { withClause, ...rest } = node;
  const clause = isNode(withClause) ? withClause : {};
  const ctes = asList(clause.ctes).map((item) => (isNode(item) ? item.CommonTableExpr : null));
  const names = ctes.map((cte) => (isNode(cte) ? String(cte.ctename) : ""));
  const inner = new Set([...hidden, ...names]);
  ctes.forEach((cte, at) => {
    visit(cte, clause.recursive === true ? inner : new Set([...hidden, ...names.slice(0, at)]), owner, out);
  });
  // What a query changes or makes is a table, whatever WITH calls by the same name.
  for (const [key, child] of Object.entries(rest)) {
    if (key === "relation" && isNode(child)) add(child, new Set(), out);
    else if (key === "intoClause" && isNode(child)) special[key]?.(child, new Set(), owner, out);
    else visit({ [key]: child }, inner, owner, out);
  }
}

function isRangeVar(key: string, node: Node): boolean {
  return key === "RangeVar" || (typeof node.relname === "string" && typeof node.relpersistence === "string");
}

function add(node: unknown, hidden: Names, out: Collected): void {
  if (!isNode(node) || typeof node.relname !== "string") return;
  const { schemaname, relname, location } = node;
  if (typeof location === "number") {
    if (out.places.has(location)) return;
    out.places.add(location);
  }
  push(typeof schemaname === "string" ? [schemaname, relname] : [relname], hidden, out);
}

function push(parts: readonly string[], hidden: Names, out: Collected): void {
  const [first = "", second] = parts;
  const isOfServer = second === undefined ? first.startsWith("pg_") : /^(?:pg_.*|information_schema)$/.test(first);
  if (first !== "" && !isOfServer && (second !== undefined || !hidden.has(first))) out.tables.push(parts.join("."));
}

function remember(relation: unknown, out: Collected): void {
  if (isNode(relation) && relation.relpersistence === "t") out.temporary.push(String(relation.relname));
}

function nameOf(relation: unknown): string | null {
  if (!isNode(relation) || typeof relation.relname !== "string") return null;
  return [relation.schemaname, relation.relname].filter((part) => typeof part === "string").join(".");
}

function stringsOf(name: unknown): string[] {
  const list = isNode(name) && isNode(name.List) ? name.List.items : name;
  return asList(list).flatMap((item) => (isNode(item) && isNode(item.String) ? [String(item.String.sval ?? "")] : []));
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
