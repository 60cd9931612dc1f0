import { changeWords, statementWords } from "./keywords";
import type { TokenList } from "./tokenList";

/** A token at which a refused statement may be taken apart: a keyword in a line's first column. */
export interface Restart {
  /** The token's index. */
  readonly at: number;
  /** Whether it begins a statement wherever it stands, but for few statements that hold others. */
  readonly isChange: boolean;
}

/** Where statements may begin that a refused one has taken in; `text` is its own, and the tokens have its offsets. */
export function restartsOf(text: string, tokens: TokenList): Restart[] {
  const restarts: Restart[] = [];
  const words: string[] = [];
  const open: number[] = [];
  /** By a closing parenthesis, the word that opens it. */
  const opening = new Map<number, number>();
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens.get(at);
    if (token === undefined || token.kind === "comment" || token.kind === "line-command") continue;
    const word = text.slice(token.start, token.end).toLowerCase();
    const isAtStart = at > 0 && token.kind === "word" && /[\r\n]/.test(text[token.start - 1] ?? "");
    if (isAtStart && statementStart.test(word) && !goesOn(words, opening))
      restarts.push({ at, isChange: changeStart.test(word) });
    if (word === "(") open.push(words.length);
    const opener = word === ")" ? open.pop() : undefined;
    if (opener !== undefined) opening.set(words.length, opener);
    words.push(word);
  }
  return restarts;
}

const statementStart = new RegExp(`^(?:${statementWords})$`);
const changeStart = new RegExp(`^(?:${changeWords})$`);

/** Whether what comes after the words is still of their statement: another query of it, or its main part after WITH. */
function goesOn(words: readonly string[], opening: ReadonlyMap<number, number>): boolean {
  const last = words.length - 1;
  if (betweenQueries.has(words[last] ?? "")) return true;
  const body = opening.get(last);
  if (body === undefined) return false;
  let as = body - 1;
  while (words[as] === "materialized" || words[as] === "not") as--;
  if (words[as] !== "as") return false;
  const name = (opening.get(as - 1) ?? as) - 1;
  return beforeExpression.has(words[name - 1] ?? "");
}

const betweenQueries: ReadonlySet<string> = new Set(["union", "except", "intersect", "all", "distinct"]);
/** What stands before the name of one of WITH's expressions, the comma between two of them missing or not. */
const beforeExpression: ReadonlySet<string> = new Set(["with", "recursive", ",", ")"]);
