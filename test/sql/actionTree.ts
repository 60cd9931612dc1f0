import { lockModes } from "../../server/src/model/locks";
import type { Action, Column, Constraint } from "../../server/src/sql/action";
import type { QualifiedName } from "../../server/src/sql/facts";

/* One and the same line for what the tokens say and for what PostgreSQL's own parser does: a second reading, which shares no code with the first. */

// biome-ignore lint/suspicious/noExplicitAny: the tree has a type of its own for each of hundreds of nodes.
type Node = Record<string, any>;

/** The lines of the parser's tree; null for a kind of statement that this reading doesn't cover. */
export function treeLines(statement: Node): string[] | null {
  const [[kind, node] = ["", {}]] = Object.entries(statement) as [string, Node][];
  switch (kind) {
    case "AlterTableStmt":
      if (!/TABLE$/.test(node.objtype)) return null;
      return node.cmds.flatMap(({ AlterTableCmd: cmd }: Node) => alterLine(relation(node.relation), cmd));
    case "CreateStmt":
      return [createLine(node)];
    case "CreateForeignTableStmt":
      return null;
    case "CreateTableAsStmt":
      if (node.objtype !== "OBJECT_TABLE") return null;
      return [
        `create-table ${relation(node.into.rel)} ${node.into.rel.relpersistence === "t" ? "temporary " : ""}query`,
      ];
    case "IndexStmt":
      return [
        `create-index ${node.idxname ?? "-"} ${relation(node.relation)} ${flags({ unique: node.unique, concurrently: node.concurrent })}`,
      ];
    case "RenameStmt":
      return renameLines(node);
    case "AlterObjectSchemaStmt":
      if (node.relation === undefined) return null;
      return [`set-schema ${objectName(node.objectType)} ${relation(node.relation)} ${node.newschema}`];
    case "AlterEnumStmt":
      return node.oldVal === undefined ? null : [`rename-value ${list(node.typeName)} ${node.oldVal} ${node.newVal}`];
    case "DropStmt":
      return dropLines(node);
    case "TruncateStmt":
      return node.relations.map(
        ({ RangeVar }: Node) =>
          `truncate ${relation(RangeVar)} ${flags({ cascade: node.behavior === "DROP_CASCADE" })}`,
      );
    case "UpdateStmt":
    case "DeleteStmt":
    case "InsertStmt":
    case "MergeStmt":
    case "SelectStmt":
      return rowLines(kind, node);
    case "CreateFunctionStmt":
      return [functionLine(node)];
    case "LockStmt":
      return node.relations.map(({ RangeVar }: Node) => `lock-table ${relation(RangeVar)} ${lockModes[node.mode - 1]}`);
    case "RefreshMatViewStmt":
      return [`refresh ${relation(node.relation)} ${flags({ concurrently: node.concurrent })}`];
    default:
      return null;
  }
}

/** The lines of what the tokens say. */
export function actionLines(actions: readonly Action[]): string[] {
  return actions.map((action) => {
    switch (action.kind) {
      case "create-table": {
        const head = `create-table ${named(action.table)} ${action.temporary ? "temporary " : ""}`;
        if (action.fromQuery) return `${head}query`;
        const parent = action.partitionOf === null ? "" : `of ${named(action.partitionOf)} `;
        const heirOf = action.inherits.map((table) => ` inherits ${named(table)}`).join("");
        return `${head}${parent}(${[...action.columns.map(columnText), ...action.constraints.map(constraintText)].join("; ")})${heirOf}`;
      }
      case "add-column":
        return `add-column ${named(action.table)} ${columnText(action.column)}`;
      case "drop-column":
        return `drop-column ${named(action.table)} ${action.column} ${flags({ cascade: action.cascade })}`;
      case "alter-type":
        return `alter-type ${named(action.table)} ${action.column} ${typeText(action.type)}${action.using ? " using" : ""}`;
      case "set-default":
      case "drop-default":
      case "set-not-null":
      case "drop-not-null":
      case "add-identity":
      case "set-expression":
        return `${action.kind} ${named(action.table)} ${action.column}`;
      case "add-constraint":
        return `add-constraint ${named(action.table)} ${constraintText(action.constraint)}`;
      case "validate-constraint":
        return `validate-constraint ${named(action.table)} ${action.constraint}`;
      case "drop-constraint":
        return `drop-constraint ${named(action.table)} ${action.constraint} ${flags({ cascade: action.cascade })}`;
      case "attach-partition":
        return `attach-partition ${named(action.table)} ${named(action.partition)}`;
      case "detach-partition":
        return `detach-partition ${named(action.table)} ${named(action.partition)}`;
      case "inherit":
        return `inherit ${named(action.table)} ${named(action.parent)}`;
      case "alter-table":
        return `alter-table ${named(action.table)}`;
      case "create-index":
        return `create-index ${action.name ?? "-"} ${named(action.table)} ${flags(action)}`;
      case "rename-column":
        return `rename-column ${named(action.table)} ${action.column} ${action.to}`;
      case "rename-constraint":
        return `rename-constraint ${named(action.table)} ${action.constraint}`;
      case "rename":
        return `rename ${action.object} ${named(action.name)} ${action.to}`;
      case "set-schema":
        return `set-schema ${action.object} ${named(action.name)} ${action.to}`;
      case "rename-value":
        return `rename-value ${named(action.type)} ${action.value} ${action.to}`;
      case "drop-index":
        return `drop index ${named(action.index)} ${flags(action)}`;
      case "drop":
        return `drop ${action.object} ${named(action.name)} ${flags(action)}`;
      case "truncate":
        return `truncate ${named(action.table)} ${flags({ cascade: action.cascade })}`;
      case "update":
        return `update ${named(action.table)} ${flags({ where: action.hasWhere, joins: action.joins })} ${action.columns.join()}`;
      case "delete":
        return `delete ${named(action.table)} ${flags({ where: action.hasWhere, joins: action.joins })}`;
      case "insert":
      case "merge":
        return `${action.kind} ${named(action.table)}`;
      case "create-function":
        return `create-function ${named(action.name)} ${action.language ?? "-"} ${flags({ definer: action.securityDefiner, text: action.hasTextBody })} ${action.settings.join()}`;
      case "lock-table":
        return `lock-table ${named(action.table)} ${action.mode}`;
      case "refresh":
        return `refresh ${named(action.view)} ${flags({ concurrently: action.concurrently })}`;
      default:
        return action.kind;
    }
  });
}

function columnText(column: Column): string {
  const { name, type, notNull, identity, generated, constraints } = column;
  const serial = type !== null && /serial$/.test(type.name);
  const said = flags({
    default: column.default,
    notNull,
    identity: identity && !serial,
    generated: generated !== null,
  });
  return `${name} ${type === null ? "-" : typeText(type)} ${said}${constraints.map((one) => ` ${constraintText({ ...one, columns: [] })}`).join("")}`;
}

function constraintText({
  kind,
  name,
  columns,
  target,
  targetColumns,
  notValid,
  usingIndex,
}: Omit<Constraint, "start">): string {
  const to = target === null ? "" : ` -> ${named(target)}(${targetColumns.join()})`;
  const own = kind === "check" || kind === "exclusion" ? "" : `(${columns.join()})`;
  return `${kind} ${name ?? "-"} ${own}${to} ${flags({ notValid })} ${usingIndex ?? ""}`.trimEnd();
}

function typeText({ schema, name, arguments: args, array }: NonNullable<Column["type"]>): string {
  return `${schema === null ? "" : `${schema}.`}${name}/${args.length}${array ? "[]" : ""}`;
}

function named({ schema, name }: QualifiedName): string {
  return schema === null ? name : `${schema}.${name}`;
}

function flags(said: object): string {
  const shown = [
    "unique",
    "concurrently",
    "cascade",
    "where",
    "joins",
    "default",
    "notNull",
    "identity",
    "generated",
    "notValid",
    "definer",
    "text",
  ];
  return `[${Object.entries(said)
    .flatMap(([key, value]) => (value && shown.includes(key) ? [key] : []))
    .join()}]`;
}

function relation({ schemaname, relname }: Node): string {
  return schemaname === undefined ? relname : `${schemaname}.${relname}`;
}

function list(names: Node[] | undefined): string {
  return (names ?? [])
    .map(({ String: { sval } }) => sval)
    .slice(-2)
    .join(".");
}

function alterLine(table: string, cmd: Node): string {
  const cascade = flags({ cascade: cmd.behavior === "DROP_CASCADE" });
  switch (cmd.subtype) {
    case "AT_AddColumn":
      return `add-column ${table} ${treeColumn(cmd.def.ColumnDef)}`;
    case "AT_DropColumn":
      return `drop-column ${table} ${cmd.name} ${cascade}`;
    case "AT_AlterColumnType": {
      const { typeName, raw_default: using } = cmd.def.ColumnDef;
      return `alter-type ${table} ${cmd.name} ${treeType(typeName)}${using ? " using" : ""}`;
    }
    case "AT_ColumnDefault":
      return `${cmd.def ? "set" : "drop"}-default ${table} ${cmd.name}`;
    case "AT_SetNotNull":
      return `set-not-null ${table} ${cmd.name}`;
    case "AT_DropNotNull":
      return `drop-not-null ${table} ${cmd.name}`;
    case "AT_AddIdentity":
      return `add-identity ${table} ${cmd.name}`;
    case "AT_SetExpression":
      return `set-expression ${table} ${cmd.name}`;
    case "AT_AddConstraint":
      return `add-constraint ${table} ${treeConstraint(cmd.def.Constraint)}`;
    case "AT_ValidateConstraint":
      return `validate-constraint ${table} ${cmd.name}`;
    case "AT_DropConstraint":
      return `drop-constraint ${table} ${cmd.name} ${cascade}`;
    case "AT_AttachPartition":
      return `attach-partition ${table} ${relation(cmd.def.PartitionCmd.name)}`;
    case "AT_AddInherit":
      return `inherit ${table} ${relation(cmd.def.RangeVar)}`;
    case "AT_DetachPartition":
    case "AT_DetachPartitionFinalize":
      return `detach-partition ${table} ${relation(cmd.def.PartitionCmd.name)}`;
    default:
      return `alter-table ${table}`;
  }
}

function createLine(node: Node): string {
  const head = `create-table ${relation(node.relation)} ${node.relation.relpersistence === "t" ? "temporary " : ""}`;
  const parent = node.partbound === undefined ? "" : `of ${relation(node.inhRelations[0].RangeVar)} `;
  const elements: Node[] = node.tableElts ?? [];
  const columns = elements.flatMap(({ ColumnDef }) => (ColumnDef ? [treeColumn(ColumnDef)] : []));
  const constraints = elements.flatMap(({ Constraint }) => (Constraint ? [treeConstraint(Constraint)] : []));
  const parents: Node[] = node.partbound === undefined ? (node.inhRelations ?? []) : [];
  const heirOf = parents.map(({ RangeVar }) => ` inherits ${relation(RangeVar)}`).join("");
  return `${head}${parent}(${[...columns, ...constraints].join("; ")})${heirOf}`;
}

function treeColumn({ colname, typeName, constraints = [] }: Node): string {
  const own: Node[] = constraints.map((one: Node) => one.Constraint);
  const has = (type: string) => own.some(({ contype }) => contype === type);
  const said = flags({
    default: has("CONSTR_DEFAULT"),
    notNull: has("CONSTR_NOTNULL"),
    identity: has("CONSTR_IDENTITY"),
    generated: has("CONSTR_GENERATED"),
  });
  // What is said of a constraint's enforcement follows it as a node of its own.
  const more = own
    .map((one, index) => ({ ...one, ...(isUnenforced(own[index + 1]) && { skip_validation: true }), keys: [] }))
    .filter(({ contype }: Node) => contype in constraintKinds && contype !== "CONSTR_NOTNULL");
  return `${colname} ${typeName ? treeType(typeName) : "-"} ${said}${more.map((one) => ` ${treeConstraint(one)}`).join("")}`;
}

const constraintKinds: Record<string, string> = {
  CONSTR_PRIMARY: "primary-key",
  CONSTR_UNIQUE: "unique",
  CONSTR_CHECK: "check",
  CONSTR_FOREIGN: "foreign-key",
  CONSTR_EXCLUSION: "exclusion",
  CONSTR_NOTNULL: "not-null",
};

function isUnenforced(node: Node | undefined): boolean {
  return node?.contype === "CONSTR_ATTR_NOT_ENFORCED";
}

function treeConstraint(node: Node): string {
  const kind = constraintKinds[node.contype] ?? node.contype;
  const columns = kind === "foreign-key" ? node.fk_attrs : node.keys;
  const strings = (names: Node[] | undefined) => (names ?? []).map((one) => one.String.sval).join();
  const to = node.pktable === undefined ? "" : ` -> ${relation(node.pktable)}(${strings(node.pk_attrs)})`;
  const own = kind === "check" || kind === "exclusion" ? "" : `(${strings(columns)})`;
  const notValid = node.skip_validation === true;
  return `${kind} ${node.conname ?? "-"} ${own}${to} ${flags({ notValid })} ${node.indexname ?? ""}`.trimEnd();
}

const internal: Record<string, string> = {
  int4: "integer",
  int8: "bigint",
  int2: "smallint",
  bpchar: "char",
  float8: "double precision",
  float4: "real",
  bool: "boolean",
  serial8: "bigserial",
  serial4: "serial",
  serial2: "smallserial",
};

function treeType({ names, typmods, arrayBounds }: Node): string {
  const parts: string[] = names.map((one: Node) => one.String.sval);
  const last = parts.at(-1) ?? "";
  const isOwn = parts.length === 1 || parts[0] === "pg_catalog";
  const name = isOwn ? (internal[last] ?? last) : parts.slice(-2).join(".");
  // Which parts an interval has is a number to the parser.
  const lengths = name === "interval" ? 0 : (typmods ?? []).length;
  return `${name}/${lengths}${arrayBounds ? "[]" : ""}`;
}

const objects: Record<string, string> = {
  OBJECT_TABLE: "table",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materialized view",
  OBJECT_FOREIGN_TABLE: "foreign table",
  OBJECT_INDEX: "index",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_SCHEMA: "schema",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "domain",
};

function objectName(type: string): string {
  return objects[type] ?? type;
}

function renameLines(node: Node): string[] | null {
  const { renameType, newname, subname, relation: of } = node;
  if (renameType === "OBJECT_COLUMN") return [`rename-column ${relation(of)} ${subname} ${newname}`];
  if (renameType === "OBJECT_TABCONSTRAINT") return [`rename-constraint ${relation(of)} ${subname}`];
  if (renameType === "OBJECT_SCHEMA") return [`rename schema ${subname} ${newname}`];
  if (!(renameType in objects) || of === undefined) return null;
  return [`rename ${objectName(renameType)} ${relation(of)} ${newname}`];
}

function dropLines(node: Node): string[] | null {
  if (!(node.removeType in objects)) return null;
  const said = flags({ concurrently: node.concurrent, cascade: node.behavior === "DROP_CASCADE" });
  return node.objects.map((object: Node) => {
    const name = object.List?.items ?? object.TypeName?.names ?? [object];
    return `drop ${objectName(node.removeType)} ${list(name)} ${said}`;
  });
}

function rowLines(kind: string, node: Node): string[] {
  const inside: string[] = (node.withClause?.ctes ?? []).flatMap(({ CommonTableExpr: { ctequery } }: Node) => {
    const [[own = "", query] = []] = Object.entries(ctequery) as [string, Node][];
    return own === "SelectStmt" || query === undefined ? [] : rowLines(own, query);
  });
  const where = node.whereClause !== undefined;
  switch (kind) {
    case "UpdateStmt": {
      const columns = node.targetList.map(({ ResTarget }: Node) => ResTarget.name).join();
      return [...inside, `update ${relation(node.relation)} ${flags({ where, joins: node.fromClause })} ${columns}`];
    }
    case "DeleteStmt":
      return [...inside, `delete ${relation(node.relation)} ${flags({ where, joins: node.usingClause })}`];
    case "InsertStmt":
      return [...inside, `insert ${relation(node.relation)}`];
    case "MergeStmt":
      return [...inside, `merge ${relation(node.relation)}`];
    default: {
      const into = node.intoClause?.rel;
      if (into === undefined) return inside;
      return [...inside, `create-table ${relation(into)} ${into.relpersistence === "t" ? "temporary " : ""}query`];
    }
  }
}

function functionLine({ funcname, options = [] }: Node): string {
  const elements: Node[] = options.map((one: Node) => one.DefElem);
  const find = (name: string) => elements.findLast(({ defname }) => defname === name)?.arg;
  const settings = elements
    .filter(({ defname }) => defname === "set")
    .map(({ arg }) => arg.VariableSetStmt.name?.toLowerCase() ?? "");
  const said = flags({ definer: find("security")?.Boolean?.boolval, text: find("as") });
  return `create-function ${list(funcname)} ${find("language")?.String.sval.toLowerCase() ?? "-"} ${said} ${settings.join()}`;
}
