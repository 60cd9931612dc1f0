import type { Dialect } from "../../server/src/sql/dialect";
import { lex } from "../../server/src/sql/lexer";

/** A text's tokens as `kind:text`, without its spaces; one that isn't closed ends in `…`. */
export function tokens(sql: string, dialect: Dialect = "postgresql"): string[] {
  return lex(sql, dialect).flatMap(({ kind, start, end, terminated }) =>
    kind === "space" ? [] : [`${kind}:${sql.slice(start, end)}${terminated ? "" : "…"}`],
  );
}
