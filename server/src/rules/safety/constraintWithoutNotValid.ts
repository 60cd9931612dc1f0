import type { Fix, Rule, RuleContext } from "../rule";
import { shown } from "../schemas";
import { type AddedConstraint, addedConstraints, perTenant, steps } from "./steps";

export const constraintWithoutNotValid: Rule = {
  id: "constraint-without-not-valid",
  severity: "information",
  hasFix: true,
  summary: "A foreign key or check is added to a table that is there, and all its rows are read under a lock.",
  looksAt: { actions: ["add-constraint", "add-column"] },

  *check(context) {
    for (const step of steps(context)) {
      for (const added of addedConstraints(step)) {
        const { start, end, kind, notValid } = added.constraint;
        if (notValid || (kind !== "check" && kind !== "foreign-key") || isEmptyKey(added)) continue;
        yield { start, end, message: message(added, context), fixes: fixes(added, context) };
      }
    }
  },
};

/** PostgreSQL doesn't look for the targets of a new column that is NULL everywhere. */
function isEmptyKey({ constraint, column }: AddedConstraint): boolean {
  return constraint.kind === "foreign-key" && column !== null && column.default === null;
}

function message({ table, constraint, column }: AddedConstraint, context: RuleContext): string {
  const what = constraint.kind === "check" ? "check" : "foreign key";
  const start = `Adding this ${what} reads all rows of ${shown(table)}`;
  const times = perTenant(context);
  if (context.settings.dialect === "sqlserver")
    return `${start} while nobody else can use the table (Sch-M)${times}. Add it WITH NOCHECK, and check the rows in a later migration: WITH CHECK CHECK CONSTRAINT.`;
  const lock =
    constraint.kind === "check" || column !== null
      ? "while nobody else can use the table (ACCESS EXCLUSIVE)"
      : "while nobody can write to it or to the table it points at (SHARE ROW EXCLUSIVE)";
  const way = column === null ? "Add it NOT VALID" : "Add the column first, then the constraint as NOT VALID";
  return `${start} ${lock}${times}. ${way}, and validate it in a later migration.`;
}

/** Without the later migration the constraint would stay unvalidated, so that the author has to choose this. */
function fixes({ constraint, column }: AddedConstraint, { settings, statementText }: RuleContext): Fix[] {
  if (column !== null) return [];
  const { start, definitionEnd: at } = constraint;
  if (settings.dialect === "sqlserver") return noCheck(statementText, start, at);
  return [
    {
      title: "Add NOT VALID, to be validated by a later migration",
      edits: [{ start: at, end: at, text: " NOT VALID" }],
      choice: true,
    },
  ];
}

/** WITH NOCHECK is said of all that is added at once, so that one constraint has to be all. */
function noCheck(text: string, start: number, end: number): Fix[] {
  const added = /\b(with\s+check\s+)?add\s+(?:constraint\s+)?$/i.exec(text.slice(0, start));
  if (added === null || /^\s*,/.test(text.slice(end))) return [];
  const from = added.index;
  return [
    {
      title: "Add WITH NOCHECK, to be checked by a later migration",
      edits: [{ start: from, end: from + (added[1]?.length ?? 0), text: "WITH NOCHECK " }],
      choice: true,
    },
  ];
}
