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
  const splitter = new Splitter(text, dialect);
  const statements: StatementTokens[] = [];
  const take = () => {
    const part = splitter.take();
    const own = part === null ? [] : tokens.slice(part.first, part.last + 1);
    const start = own[0]?.start;
    const end = own.at(-1)?.end;
    if (start !== undefined && end !== undefined) statements.push({ start, end, tokens: own });
  };
  for (const token of tokens) if (splitter.add(token)) take();
  take();
  return statements;
}

/** Finds where statements begin and end among tokens that are given one after the other. */
export class Splitter {
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #nesting: Nesting;
  #given = 0;
  /** The first and the last of the tokens since the last end that belong to a statement, -1 where there is none. */
  #first = -1;
  #last = -1;

  constructor(text: string, dialect: Dialect) {
    this.#text = text;
    this.#dialect = dialect;
    this.#nesting = dialect === "postgresql" ? new PostgresNesting() : new SqlServerNesting();
  }

  /** Takes the next token. @returns whether a statement, or what stands between two, ends with it. */
  add(token: Token): boolean {
    const at = this.#given++;
    if (token.kind === "line-command") return this.#endsAt(token);
    const char = token.kind === "punctuation" ? this.#text[token.start] : "";
    if (char === ";" && this.#nesting.outside() && !this.#nesting.parts()) return true;
    if (isSignificant(token)) {
      if (this.#first < 0) this.#first = at;
      this.#last = at;
    }
    if (token.kind === "word") this.#nesting.word(this.#text.slice(token.start, token.end).toLowerCase());
    else if (char === "(") this.#nesting.open(1);
    else if (char === ")") this.#nesting.open(-1);
    return false;
  }

  /** The statement that the tokens since the last end make, if any, as the indexes of its first and its last one; the next token begins anew. */
  take(): { readonly first: number; readonly last: number } | null {
    const statement = this.#first < 0 ? null : { first: this.#first, last: this.#last };
    this.#first = -1;
    this.#nesting.reset();
    return statement;
  }

  /** `GO` ends a batch, and some of psql's commands a statement. Its other commands stand between. */
  #endsAt(command: Token): boolean {
    if (this.#dialect === "sqlserver") return true;
    const written = this.#text.slice(command.start, command.end);
    if (clearsStatement(written)) this.#first = -1;
    return this.#first < 0 || sendsStatement(written);
  }
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
class PostgresNesting implements Nesting {
  #parentheses = 0;
  #blocks = 0;
  #before = "";
  #head = "";

  word(word: string): void {
    if (word === "atomic" && this.#before === "begin") this.#blocks++;
    else if (this.#blocks > 0 && word === "case") this.#blocks++;
    else if (this.#blocks > 0 && word === "end") this.#blocks--;
    this.#before = word;
    if (this.#head === "" || this.#head === "create") this.#head += word === "or" || word === "replace" ? "" : word;
  }

  open(by: 1 | -1): void {
    this.#parentheses = Math.max(0, this.#parentheses + by);
  }

  outside(): boolean {
    return (this.#parentheses === 0 || this.#head !== "createrule") && this.#blocks === 0;
  }

  parts(): boolean {
    return false;
  }

  reset(): void {
    this.#parentheses = 0;
    this.#blocks = 0;
    this.#before = "";
    this.#head = "";
  }
}

/** BEGIN … END, and the modules (procedures, functions, triggers, views) that fill the rest of their batch. */
class SqlServerNesting implements Nesting {
  #blocks = 0;
  #before = "";
  #head = "";
  #isModule = false;
  #rowset = 0;

  word(word: string): void {
    const before = this.#before;
    const head = this.#head;
    this.#rowset = 0;
    if (head === "" && (word === "create" || word === "alter")) this.#head = word;
    else if (head !== "" && modules.has(word) && (before === head || before === "alter")) this.#isModule = true;
    else if (before === "" || head === "") this.#head = head || "other";
    if (before === "begin" && !transactions.has(word)) this.#blocks++;
    if (word === "case") this.#blocks++;
    if (word === "end") this.#blocks = Math.max(0, this.#blocks - 1);
    this.#before = word;
  }

  open(by: 1 | -1): void {
    this.#rowset = by === 1 && this.#before === "openrowset" ? 2 : 0;
    if (this.#before === "begin") this.#blocks++;
    this.#before = "(";
  }

  /** In `openrowset('provider', 'source'; 'user'; 'password', …)`. */
  parts(): boolean {
    return this.#rowset > 0 && this.#rowset-- > 0;
  }

  outside(): boolean {
    return this.#blocks === 0 && !this.#isModule && this.#before !== "begin";
  }

  reset(): void {
    this.#blocks = 0;
    this.#before = "";
    this.#head = "";
    this.#isModule = false;
    this.#rowset = 0;
  }
}

const modules = new Set(["procedure", "proc", "function", "trigger", "view"]);
const transactions = new Set(["tran", "transaction", "distributed", "dialog", "conversation"]);

/** A comment that isn't closed is what a server refuses, and so a statement. */
function isSignificant(token: Token): boolean {
  if (token.kind === "comment") return !token.terminated;
  return token.kind !== "space" && token.kind !== "line-command";
}
