import { expect } from "vitest";
import { analyse } from "../../server/src/sql/analyse";
import type { Dialect } from "../../server/src/sql/dialect";
import { prepareRender, type RenderOptions, type RenderTemplate } from "../../server/src/sql/render";

/** Prepares a text that is written against the schema `prototype`. */
export async function prepare(
  sql: string,
  dialect: Dialect = "postgresql",
  ignored: RenderOptions["ignored"] = () => false,
) {
  const { statements } = await analyse(sql, dialect);
  return prepareRender(sql, statements, { prototypeSchema: "prototype", dialect, ignored });
}

/** The template of a text that must not be refused. */
export async function template(sql: string, dialect: Dialect = "postgresql"): Promise<RenderTemplate> {
  const { template, refusals } = await prepare(sql, dialect);
  expect(refusals.map(({ start, end, reason }) => `${sql.slice(start, end)}: ${reason}`)).toEqual([]);
  if (template === null) throw new Error("refused without a reason");
  return template;
}
