import type { Definition } from "../model/catalog";
import { type Change, changesOf } from "../model/changes";
import { ownSchema } from "../model/settings";
import { sameName } from "../sql/renderText";
import type { Span } from "../sql/span";
import { madeAt } from "./related";
import type { Report, Rule, RuleContext } from "./rule";
import { shown } from "./schemas";
import { unqualifiedTable, unqualifiedTableReport } from "./unqualifiedTable";

export const shadowedTable: Rule = {
  id: "shadowed-table",
  severity: "warning",
  summary: "A table's name lives on both sides of the boundary.",
  looksAt: { facts: ["tables", "objects"] },

  *check(context) {
    yield* secondTables(context);
    // Where it is on, `unqualified-table` tells of the use, and of both tables.
    if (context.levelOf(unqualifiedTable) === "off") yield* ambiguousUses(context);
  },
};

/** The tables that the statement makes, renames or moves so that their name is on both sides. */
function* secondTables(context: RuleContext): Generator<Report> {
  const { statement, statementText, settings, catalog } = context;
  const own = { start: 0, end: statementText.length, facts: statement.facts };
  for (const change of changesOf(statementText, own, settings.dialect)) {
    const made = madeTable(change, context);
    if (made === null) continue;
    const otherSchema = otherSide(made.schema, context);
    if (otherSchema === null || catalog.find(made.schema, made.name) !== null) continue;
    const other = catalog.find(otherSchema, made.name);
    if (other === null || isLeft(change, other) || isToldAsUnqualified(made, context)) continue;
    const message = `With ${shown(other)} this makes two tables called ${made.name}, one on each side of the boundary: without a schema the name means the one or the other, by ${decidedBy(context)}.`;
    yield { start: made.start, end: made.end, message, ...madeAt(other) };
  }
}

interface Made extends Span {
  readonly schema: string;
  readonly name: string;
}

function madeTable(change: Change, { scope, settings, catalog }: RuleContext): Made | null {
  if (change.kind !== "create" && change.kind !== "move") return null;
  if (change.object !== "table" && change.object !== "view") return null;
  const usual = ownSchema(scope, settings);
  const { start, end } = change;
  if (change.kind === "create") return { schema: change.schema ?? usual, name: change.name, start, end };
  const from = change.schema ?? (catalog.find(usual, change.name) === null ? settings.publicSchema : usual);
  if (catalog.find(from, change.name) === null && !change.isCertain) return null;
  return { schema: change.toSchema ?? from, name: change.toName ?? change.name, start, end };
}

function otherSide(schema: string, { settings }: RuleContext): string | null {
  const { publicSchema, prototypeSchema, dialect } = settings;
  if (sameName(schema, publicSchema, dialect)) return prototypeSchema;
  return sameName(schema, prototypeSchema, dialect) ? publicSchema : null;
}

/** Whether the table on the other side is the one that moves from there. */
function isLeft(change: Change, other: Definition): boolean {
  return change.kind === "move" && change.name === other.name && (change.schema ?? other.schema) === other.schema;
}

function isToldAsUnqualified(made: Made, context: RuleContext): boolean {
  if (context.levelOf(unqualifiedTable) === "off") return false;
  const table = context.statement.facts.tables.find(({ start, use }) => start === made.start && use === "create");
  return table !== undefined && unqualifiedTableReport(table, context) !== null;
}

function* ambiguousUses(context: RuleContext): Generator<Report> {
  for (const { schema, name, use, start, end } of context.statement.facts.tables) {
    if (schema !== null || use === "create") continue;
    const known = context.catalog.lookUp(name);
    if (known.public === null || known.prototype === null) continue;
    const message = `There is both ${shown(known.prototype)} and ${shown(known.public)}: without a schema this is the one or the other, by ${decidedBy(context)}.`;
    yield { start, end, message, ...madeAt(known.prototype, known.public) };
  }
}

function decidedBy({ settings }: RuleContext): string {
  return settings.dialect === "sqlserver" ? "the default schema of whoever asks" : "the search_path of whoever asks";
}
