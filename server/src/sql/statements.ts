import type { Dialect } from "./dialect";
import { clearsStatement, sendsStatement } from "./psqlCommand";
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
  const splitter = openSplitter(text, dialect);
  const statements: StatementTokens[] = [];
  const take = () => {
    const statement = splitter.take();
    if (statement) statements.push(statement);
  };
  for (const token of tokens) if (splitter.add(token)) take();
  take();
  return statements;
}

/** Collects tokens until a statement ends. */
export interface Splitter {
  /** Whether the tokens since the last end are inside of something that keeps a `;` from ending their statement. */
  readonly nested: boolean;
  /** Adds the next token. @returns whether a statement, or what stands between two, ends with it. */
  add(token: Token): boolean;
  /** The statement that the tokens since the last end make, if any; the next token begins anew. */
  take(): StatementTokens | null;
}

export function openSplitter(text: string, dialect: Dialect): Splitter {
  const nesting = dialect === "postgresql" ? postgresNesting() : sqlServerNesting();
  let tokens: Token[] = [];
  let significant = 0;
  return {
    get nested() {
      return !nesting.outside();
    },

    add(token) {
      if (token.kind === "line-command") {
        if (dialect === "postgresql" && clearsStatement(text.slice(token.start, token.end))) significant = 0;
        tokens.push(token);
        return significant === 0 || endsStatement(text, token, dialect);
      }
      const char = token.kind === "punctuation" ? text[token.start] : "";
      if (char === ";" && nesting.outside() && !nesting.parts()) return true;
      tokens.push(token);
      if (isSignificant(token)) significant++;
      if (token.kind === "word") nesting.word(text.slice(token.start, token.end).toLowerCase());
      else if (char === "(") nesting.open(1);
      else if (char === ")") nesting.open(-1);
      return false;
    },

    take() {
      const statement = significant > 0 ? trimmed(tokens) : null;
      tokens = [];
      significant = 0;
      nesting.reset();
      return statement;
    },
  };
}

/** What keeps a `;` from ending a statement. */
interface Nesting {
  word(word: string): void;
  open(by: 1 | -1): void;
  outside(): boolean;
  /** Whether a `;` parts no statements here, but what stands inside of one. */
  parts(): boolean;
  reset(): void;
}

/** The parentheses around a rule's actions, and the bodies between BEGIN ATOMIC and END, where CASE has an END of its own. */
function postgresNesting(): Nesting {
  let parentheses = 0;
  let blocks = 0;
  let before = "";
  let head = "";
  return {
    word(word) {
      if (word === "atomic" && before === "begin") blocks++;
      else if (blocks > 0 && word === "case") blocks++;
      else if (blocks > 0 && word === "end") blocks--;
      before = word;
      if (head === "" || head === "create") head += word === "or" || word === "replace" ? "" : word;
    },
    open(by) {
      parentheses = Math.max(0, parentheses + by);
    },
    outside: () => (parentheses === 0 || head !== "createrule") && blocks === 0,
    parts: () => false,
    reset() {
      parentheses = 0;
      blocks = 0;
      before = "";
      head = "";
    },
  };
}

/** BEGIN … END, and the modules (procedures, functions, triggers, views) that fill the rest of their batch. */
function sqlServerNesting(): Nesting {
  let blocks = 0;
  let before = "";
  let head = "";
  let module = false;
  let rowset = 0;
  return {
    word(word) {
      rowset = 0;
      if (head === "" && (word === "create" || word === "alter")) head = word;
      else if (head !== "" && modules.has(word) && (before === head || before === "alter")) module = true;
      else if (before === "" || head === "") head = head || "other";
      if (before === "begin" && !transactions.has(word)) blocks++;
      if (word === "case") blocks++;
      if (word === "end") blocks = Math.max(0, blocks - 1);
      before = word;
    },
    open(by) {
      rowset = by === 1 && before === "openrowset" ? 2 : 0;
      if (before === "begin") blocks++;
      before = "(";
    },
    // `openrowset('provider', 'source'; 'user'; 'password', …)`.
    parts: () => rowset > 0 && rowset-- > 0,
    outside: () => blocks === 0 && !module && before !== "begin",
    reset() {
      blocks = 0;
      before = "";
      head = "";
      module = false;
      rowset = 0;
    },
  };
}

const modules = new Set(["procedure", "proc", "function", "trigger", "view"]);
const transactions = new Set(["tran", "transaction", "distributed", "dialog", "conversation"]);

/** `GO` ends a batch, and some of psql's commands a statement. Its other commands stand between. */
function endsStatement(text: string, token: Token, dialect: Dialect): boolean {
  return dialect === "sqlserver" || sendsStatement(text.slice(token.start, token.end));
}

function trimmed(tokens: readonly Token[]): StatementTokens | null {
  let first = 0;
  let last = tokens.length - 1;
  while (first <= last && !isSignificantAt(tokens, first)) first++;
  while (last >= first && !isSignificantAt(tokens, last)) last--;
  const start = tokens[first]?.start;
  const end = tokens[last]?.end;
  if (first > last || start === undefined || end === undefined) return null;
  return { start, end, tokens: last - first + 1 === tokens.length ? tokens : tokens.slice(first, last + 1) };
}

function isSignificantAt(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token !== undefined && isSignificant(token);
}

/** A comment that isn't closed is what a server refuses, and so a statement. */
function isSignificant(token: Token): boolean {
  if (token.kind === "comment") return !token.terminated;
  return token.kind !== "space" && token.kind !== "line-command";
}
