import type { Dialect } from "../../server/src/sql/dialect";
import type { StatementFacts } from "../../server/src/sql/facts";
import { tokensOf } from "../../server/src/sql/lexer";
import { scanStatement } from "../../server/src/sql/scan";

/** The scan of a text as one statement. */
export function scan(sql: string, dialect: Dialect = "postgresql"): StatementFacts {
  return scanStatement(sql, tokensOf(sql, dialect), dialect);
}

/** Table references as `use schema.name`. */
export function tables(sql: string, dialect: Dialect = "postgresql"): string[] {
  return scan(sql, dialect).tables.map(
    ({ use, schema, name }) => `${use} ${schema === null ? "" : `${schema}.`}${name}`,
  );
}

/** Objects as `use kind schema.name`. */
export function objects(sql: string, dialect: Dialect = "postgresql"): string[] {
  return scan(sql, dialect).objects.map(
    ({ use, kind, schema, name }) => `${use} ${kind} ${schema === null ? "" : `${schema}.`}${name}`,
  );
}

/** Foreign keys as `from -> to(columns)`. */
export function foreignKeys(sql: string, dialect: Dialect = "postgresql"): string[] {
  return scan(sql, dialect).foreignKeys.map(({ constraint, from, columns, to, targetColumns, notValid }) => {
    const name = ({ schema, name }: { schema: string | null; name: string }) =>
      schema === null ? name : `${schema}.${name}`;
    const named = constraint === null ? "" : `${constraint}: `;
    return `${named}${name(from)}(${columns.join()}) -> ${name(to)}(${targetColumns.join()})${notValid ? " not valid" : ""}`;
  });
}

/** The text of each place that names a schema, where it is the given one. */
export function mentions(sql: string, schema: string, dialect: Dialect = "postgresql"): string[] {
  return scan(sql, dialect)
    .schemas.filter((mention) => mention.schema === schema)
    .map(({ start, end }) => sql.slice(start, end));
}
