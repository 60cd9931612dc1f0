import type { Token } from "./token";

/** Tokens that mean something: no spaces, comments and commands of a client. */
export function significant(tokens: readonly Token[]): Token[] {
  return tokens.filter(({ kind }) => kind !== "space" && kind !== "comment" && kind !== "line-command");
}

/** A pair of parentheses, by the indexes of their tokens, and of the commas directly in it. */
export interface List {
  readonly open: number;
  /** The index after the last token inside; that of the closing parenthesis where there is one. */
  readonly close: number;
  readonly isClosed: boolean;
  readonly commas: readonly number[];
}

/** All lists among the tokens, from the innermost out. @param tokens significant ones */
export function listsOf(text: string, tokens: readonly Token[]): List[] {
  const lists: List[] = [];
  const open: { open: number; commas: number[] }[] = [];
  const close = (end: number, isClosed: boolean) => {
    const list = open.pop();
    if (list) lists.push({ ...list, close: end, isClosed });
  };
  tokens.forEach((token, index) => {
    if (token.kind !== "punctuation") return;
    const char = text[token.start];
    if (char === "(") open.push({ open: index, commas: [] });
    else if (char === ")") close(index, true);
    else if (char === ",") open.at(-1)?.commas.push(index);
  });
  while (open.length > 0) close(tokens.length, false);
  return lists;
}

/** What the commas of a list divide. */
export function itemsIn(tokens: readonly Token[], { open, close, commas }: List): (readonly Token[])[] {
  return between(tokens, open + 1, close, commas);
}

/** What the commas outside of all parentheses divide. @param tokens significant ones */
export function itemsOf(text: string, tokens: readonly Token[]): (readonly Token[])[] {
  const commas: number[] = [];
  let depth = 0;
  tokens.forEach((token, index) => {
    const char = token.kind === "punctuation" ? text[token.start] : "";
    if (char === "(") depth++;
    else if (char === ")") depth--;
    else if (char === "," && depth === 0) commas.push(index);
  });
  return between(tokens, 0, tokens.length, commas);
}

function between(tokens: readonly Token[], from: number, to: number, commas: readonly number[]) {
  const starts = [from, ...commas.map((comma) => comma + 1)];
  return starts.map((start, order) => tokens.slice(start, commas[order] ?? to)).filter((item) => item.length > 0);
}

/** A block between words, such as BEGIN and END; the tokens' indexes. */
export interface Block {
  readonly open: number;
  readonly close: number;
}

/** The closed blocks of BEGIN, CASE, LOOP and a body's IF. @param tokens significant ones */
export function blocksOf(text: string, tokens: readonly Token[]): Block[] {
  const blocks: Block[] = [];
  const open: { word: string; index: number }[] = [];
  const wordAt = (index: number) => {
    const token = tokens[index];
    return token?.kind === "word" ? text.slice(token.start, token.end).toLowerCase() : "";
  };
  for (let index = 0; index < tokens.length; index++) {
    const word = wordAt(index);
    if (word === "end") {
      const named = closers.has(wordAt(index + 1)) ? wordAt(index + 1) : null;
      const at = open.findLastIndex((block) => (named === null ? block.word !== "loop" : block.word === named));
      if (named !== null) index++;
      if (at === -1) continue;
      blocks.push({ open: open[at]?.index ?? 0, close: index });
      open.length = at;
    } else if (word === "case" || word === "loop" || (word === "begin" && !transactions.has(wordAt(index + 1)))) {
      open.push({ word, index });
    } else if (word === "if" && beginsStatement(text, tokens[index - 1]) && wordAt(index - 1) !== "exists") {
      open.push({ word, index });
    }
  }
  return blocks;
}

const closers = new Set(["if", "loop", "case"]);
const transactions = new Set(["tran", "transaction", "work", "distributed"]);

function beginsStatement(text: string, before: Token | undefined): boolean {
  if (before === undefined) return true;
  return /^(?:;|begin|then|else|loop)$/i.test(text.slice(before.start, before.end));
}
