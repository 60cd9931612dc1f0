import type { Dialect } from "./dialect";
import { loadPostgresGrammar } from "./grammar/postgres";
import { tokensOf } from "./lexer";
import { compareTokens } from "./renderTokens";
import { changesInTree, namesSchema } from "./renderTree";
import type { Span } from "./span";

/** The names that a proof is about. */
export interface ProofNames {
  readonly prototype: string;
  readonly tenant: string;
  readonly dialect: Dialect;
}

/** Why a statement's rendering isn't proven; its span is the place in the original statement. */
export interface ProofFault extends Span {
  readonly reason: string;
  /** Whether the author may say that it is meant: what is there is right, but may not be all. */
  readonly waivable: boolean;
}

/**
 * Proves that a statement's rendering is the statement with the prototype's name replaced in the given number of places, and nothing else
 * changed, and that the name is left in no place where it can only be a schema's.
 */
export async function proveStatement(
  original: string,
  rendered: string,
  places: number,
  names: ProofNames,
): Promise<ProofFault | null> {
  const whole = { start: 0, end: original.length };
  const { changed, left } = compareTokens(original, rendered, names);
  if (changed !== places) return { ...whole, reason: otherChange, waivable: false };
  const fault = names.dialect === "postgresql" ? await compareTrees(original, rendered, places, names) : null;
  if (fault !== null || left === null) return fault;
  return { start: left.start, end: left.end, reason: leftBehind, waivable: true };
}

const otherChange = "Writing another schema's name here would change more of the statement than that name.";
const leftBehind = "The schema is named here in a place that the analysis doesn't know, and would be left as it is.";

async function compareTrees(
  original: string,
  rendered: string,
  places: number,
  names: ProofNames,
): Promise<ProofFault | null> {
  const whole = { start: 0, end: original.length };
  const grammar = await loadPostgresGrammar();
  const before = grammar.parse(original, tokensOf(original, "postgresql"));
  const after = grammar.parse(rendered, tokensOf(rendered, "postgresql"));
  if ("unasked" in before)
    return { ...whole, reason: `Nothing can be proven of this statement, since ${before.unasked}.`, waivable: true };
  if ("fault" in before) {
    const { start, end, message } = before.fault;
    return {
      start,
      end,
      reason: `PostgreSQL refuses this statement (${message}), so that nothing can be proven of it.`,
      waivable: true,
    };
  }
  // The parser gives some types twice, so that the tree may hold more changes than the text.
  const changes = !("tree" in after) ? null : changesInTree(before.tree.stmts, after.tree.stmts, names);
  if (!("tree" in after) || changes === null || changes < places)
    return { ...whole, reason: otherChange, waivable: false };
  return namesSchema(after.tree.stmts, names.prototype) ? { ...whole, reason: leftBehind, waivable: true } : null;
}
