import type { Action } from "../../server/src/sql/action";
import { actionsOf } from "../../server/src/sql/actions";
import { analyse } from "../../server/src/sql/analyse";
import type { Dialect } from "../../server/src/sql/dialect";

/** A statement's actions, each with the text that it is about. */
export async function actionsIn(
  sql: string,
  dialect: Dialect = "postgresql",
): Promise<{ action: Action; at: string }[]> {
  const analysis = await analyse(sql, dialect);
  return analysis.statements.flatMap((statement) =>
    actionsOf(sql, statement, dialect).map((action) => ({
      action,
      at: sql.slice(statement.start + action.start, statement.start + action.end),
    })),
  );
}

/** What actions say, without places and without what is false, null or empty. */
export async function told(sql: string, dialect: Dialect = "postgresql"): Promise<unknown[]> {
  return (await actionsIn(sql, dialect)).map(({ action, at }) => ({ ...(essential(action) as object), at }));
}

function essential(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(essential);
  if (typeof value !== "object" || value === null) return value;
  const { start: _, end: __, definitionEnd: ___, ...rest } = value as Record<string, unknown>;
  const kept = Object.entries(rest).filter(
    ([, one]) => one !== false && one !== null && !(Array.isArray(one) && one.length === 0),
  );
  if (kept.length > 0 && kept.every(([key]) => key === "schema" || key === "name") && "name" in rest)
    return rest.schema == null ? rest.name : `${rest.schema}.${rest.name}`;
  return Object.fromEntries(kept.map(([key, one]) => [key, essential(one)]));
}
