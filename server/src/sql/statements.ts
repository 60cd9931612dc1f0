import type { Dialect } from "./dialect";
import type { Span } from "./span";
import type { Token } from "./token";

/** A statement's place (without its `;`, and without spaces and comments around it), and its tokens. */
export interface StatementTokens extends Span {
  /** From the statement's first token to its last, spaces and comments between them included. */
  readonly tokens: readonly Token[];
}

/**
 * Cuts tokens into statements: at top-level `;`, and at SQL Server's `GO` lines. psql's commands and COPY data stand in no statement.
 * A blank line or a keyword never cuts; that is for statements that a grammar has refused.
 */
export function splitStatements(text: string, tokens: readonly Token[], dialect: Dialect): StatementTokens[] {
  const statements: StatementTokens[] = [];
  const nesting = dialect === "postgresql" ? postgresNesting() : sqlServerNesting();
  let first = 0;
  const cut = (end: number) => {
    const statement = trimmed(tokens, first, end);
    if (statement) statements.push(statement);
    first = end + 1;
    nesting.reset();
  };
  tokens.forEach((token, at) => {
    if (token.kind === "line-command") {
      if (endsStatement(text, token, dialect) || isBlank(tokens, first, at)) cut(at);
    } else if (token.kind === "word") {
      nesting.word(text.slice(token.start, token.end).toLowerCase());
    } else if (token.kind === "punctuation") {
      const char = text[token.start];
      if (char === "(") nesting.open(1);
      else if (char === ")") nesting.open(-1);
      else if (char === ";" && nesting.outside()) cut(at);
    }
  });
  cut(tokens.length);
  return statements;
}

/** What keeps a `;` from ending a statement. */
interface Nesting {
  word(word: string): void;
  open(by: 1 | -1): void;
  outside(): boolean;
  reset(): void;
}

/** Parentheses, and the bodies between BEGIN ATOMIC and END, where CASE has an END of its own. */
function postgresNesting(): Nesting {
  let parentheses = 0;
  let blocks = 0;
  let before = "";
  return {
    word(word) {
      if (word === "atomic" && before === "begin") blocks++;
      else if (blocks > 0 && word === "case") blocks++;
      else if (blocks > 0 && word === "end") blocks--;
      before = word;
    },
    open(by) {
      parentheses = Math.max(0, parentheses + by);
    },
    outside: () => parentheses === 0 && blocks === 0,
    reset() {
      parentheses = 0;
      blocks = 0;
      before = "";
    },
  };
}

/** Parentheses, BEGIN … END, and the modules (procedures, functions, triggers, views) that fill the rest of their batch. */
function sqlServerNesting(): Nesting {
  let parentheses = 0;
  let blocks = 0;
  let before = "";
  let head = "";
  let module = false;
  return {
    word(word) {
      if (head === "" && (word === "create" || word === "alter")) head = word;
      else if (head !== "" && modules.has(word) && (before === head || before === "alter")) module = true;
      else if (before === "" || head === "") head = head || "other";
      if (before === "begin" && !transactions.has(word)) blocks++;
      if (word === "case") blocks++;
      if (word === "end") blocks = Math.max(0, blocks - 1);
      before = word;
    },
    open(by) {
      if (before === "begin") blocks++;
      before = "(";
      parentheses = Math.max(0, parentheses + by);
    },
    outside: () => parentheses === 0 && blocks === 0 && !module && before !== "begin",
    reset() {
      parentheses = 0;
      blocks = 0;
      before = "";
      head = "";
      module = false;
    },
  };
}

const modules = new Set(["procedure", "proc", "function", "trigger", "view"]);
const transactions = new Set(["tran", "transaction", "distributed", "dialog", "conversation"]);

/** `GO` ends a batch; psql's `\g`, `\watch` and their kin send what was typed. Its other commands stand between. */
function endsStatement(text: string, token: Token, dialect: Dialect): boolean {
  return dialect === "sqlserver" || /^\\(?:g|crosstabview|watch|;)/.test(text.slice(token.start, token.start + 16));
}

function isBlank(tokens: readonly Token[], from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (isSignificant(tokens[at])) return false;
  return true;
}

function trimmed(tokens: readonly Token[], from: number, to: number): StatementTokens | null {
  let first = from;
  let last = to - 1;
  while (first <= last && !isSignificant(tokens[first])) first++;
  while (last >= first && !isSignificant(tokens[last])) last--;
  const start = tokens[first]?.start;
  const end = tokens[last]?.end;
  if (first > last || start === undefined || end === undefined) return null;
  return { start, end, tokens: tokens.slice(first, last + 1) };
}

function isSignificant(token: Token | undefined): boolean {
  return token !== undefined && token.kind !== "space" && token.kind !== "comment" && token.kind !== "line-command";
}
