import type { Dialect } from "./dialect";
import { lex } from "./lexer";
import type { Span } from "./span";
import { blocksOf, listsOf, significant } from "./structureParts";
import { moveTokens, type Token } from "./token";

/** A part that an editor can fold. Of `enclosed` parts the last line, with the closing delimiter, stays in sight. */
export interface Fold extends Span {
  readonly kind: "code" | "enclosed" | "comment";
}

/** A comment that begins or ends a part of the file. */
export interface Mark extends Span {
  readonly kind: "region" | "endregion" | "section";
}

/** Parentheses, blocks and quoted bodies. */
export function foldsOf(text: string, tokens: readonly Token[], dialect: Dialect): Fold[] {
  const parts = significant(tokens);
  const span = (open: number, close: number): Fold => ({
    start: parts[open]?.start ?? 0,
    end: parts[close]?.end ?? text.length,
    kind: "enclosed",
  });
  const folds = [
    ...listsOf(text, parts).flatMap(({ open, close, isClosed }) => (isClosed ? [span(open, close)] : [])),
    ...blocksOf(text, parts).map(({ open, close }) => span(open, close)),
  ];
  for (const token of parts) {
    if (token.kind !== "dollar-string" || !token.terminated) continue;
    folds.push({ start: token.start, end: token.end, kind: "enclosed" });
    const body = bodyOf(text, token, dialect);
    if (body === null) continue;
    folds.push(...foldsOf(text, body, dialect), ...commentFolds(text, body, false));
  }
  return folds;
}

/** The tokens inside of a dollar-quoted body, with the offsets of the text that it stands in. */
export function bodyOf(text: string, { start, end, terminated }: Token, dialect: Dialect): Token[] | null {
  const tag = /^\$[^$]*\$/.exec(text.slice(start, end))?.[0].length;
  if (tag === undefined) return null;
  const from = start + tag;
  return moveTokens(lex(text.slice(from, terminated ? end - tag : end), dialect), from);
}

/** Comments over several lines, and line comments that fill lines one below the other. */
export function commentFolds(text: string, tokens: readonly Token[], isAtLineStart: boolean): Fold[] {
  const folds: Fold[] = [];
  let run: Fold[] = [];
  const finish = () => {
    const first = run[0];
    const last = run.at(-1);
    if (first && last) folds.push({ ...first, end: last.end });
    run = [];
  };
  let isFirst = isAtLineStart;
  for (const { kind, start, end } of tokens) {
    if (kind === "space") {
      const ends = text.slice(start, end).match(/\r\n|\r|\n/g)?.length ?? 0;
      if (ends > 1) finish();
      if (ends > 0) isFirst = true;
      continue;
    }
    const isLine = kind === "comment" && text.startsWith("--", start);
    if (isLine && isFirst && markOf(text.slice(start, end)) === null) run.push({ start, end, kind: "comment" });
    else finish();
    if (kind === "comment" && !isLine) folds.push({ start, end, kind: "comment" });
    isFirst = false;
  }
  finish();
  return folds;
}

export function marksOf(text: string, tokens: readonly Token[]): Mark[] {
  return tokens.flatMap(({ kind, start, end }) => {
    const mark = kind === "comment" ? markOf(text.slice(start, end)) : null;
    return mark === null ? [] : [{ start, end, kind: mark }];
  });
}

/** The comments by which editors' regions, and dbmate's and goose's sections, are known. */
function markOf(comment: string): Mark["kind"] | null {
  if (/^--\s*#?region\b/i.test(comment)) return "region";
  if (/^--\s*#?endregion\b/i.test(comment)) return "endregion";
  return /^--\s*(?:migrate:(?:up|down)|\+goose\s+(?:up|down))\b/i.test(comment) ? "section" : null;
}
