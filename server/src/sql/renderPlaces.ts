import { loadPostgresGrammar } from "./grammar/postgres";
import { lex, tokensOf } from "./lexer";
import { quoteIdentifier } from "./quote";
import type { Slot } from "./render";
import { splice } from "./renderText";
import { namesSchema } from "./renderTree";
import { identifierName } from "./scan/names";

/**
 * The places of a PostgreSQL statement that name a schema and that the scan of its tokens has missed, told by the grammar: each identifier
 * of that name is given a name of its own, and which of these the tree then has as schemas' tells which places are. Literals and bodies
 * are not looked into.
 * @param known the places that are known, in the statement's offsets
 */
export async function missedPlaces(sql: string, known: readonly Slot[], schema: string): Promise<readonly Slot[]> {
  const candidates = lex(sql, "postgresql").filter(
    ({ kind, start, end }) =>
      (kind === "word" || kind === "quoted-identifier") &&
      identifierName(sql.slice(start, end), "postgresql") === schema &&
      !known.some((slot) => slot.start < end && slot.end > start),
  );
  if (candidates.length === 0) return [];
  const marked = candidates.map(({ start, end }, n) => ({ start, end, name: `${unusual}${n}${unusual}` }));
  const splices = marked.map(({ start, end, name }) => ({ start, end, text: quoteIdentifier(name, "postgresql") }));
  const { sql: asked } = splice(sql, splices);
  const parsed = (await loadPostgresGrammar()).parse(asked, tokensOf(asked, "postgresql"));
  if (!("tree" in parsed)) return [];
  return marked
    .filter(({ name }) => namesSchema(parsed.tree.stmts, name))
    .map(({ start, end }) => ({ start, end, quoted: true, within: [] }));
}

/** Makes names that no migration holds: it is a character for private use. */
const unusual = "\uE001";
