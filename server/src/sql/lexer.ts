import type { Dialect } from "./dialect";
import type { Token, TokenKind } from "./token";

/** Cuts a text into tokens, spaces and comments among them: joined, they are the text. Never throws; takes time in proportion to the text. */
export function lex(text: string, dialect: Dialect): Token[] {
  const lexer = new Lexer(text, dialect);
  return lexer.all();
}

const names = "A-Za-z_\\u0080-\\uffff";
const space = /[ \t\r\n\f\v\ufeff]+/y;
const lineComment = /--[^\r\n]*/y;
const postgresWord = new RegExp(`[${names}][${names}0-9$]*`, "y");
const sqlServerWord = new RegExp(`[${names}#$][${names}0-9@#$]*`, "y");
const sqlServerVariable = new RegExp(`@@?[${names}0-9@#$]*`, "y");
// A range of a loop (`1..10`) ends the number before its dots.
const numberPattern = /0[xXoObB][0-9A-Fa-f_]+|(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const postgresParameter = /\$\d+/y;
const dollarTag = new RegExp(`\\$(?:[${names}][${names}0-9]*)?\\$`, "y");
const postgresOperator = /::|:=|\.\.|[+\-*/<>=~!@#%^&|`?]+/y;
const sqlServerOperator = /::|[-+*/%&|^]=|[<>!]=|<>|![<>]|[-+*/<>=~!%^&|]/y;
const templates = /\{\{[^{}\r\n]*\}\}|\$\{[^{}\r\n]*\}|%\(\w+\)s|@\w+@|:"(?:[^"\r\n]|"")+"|:'(?:[^'\r\n]|'')+'/y;
const sqlServerTemplates = /\{\{[^{}\r\n]*\}\}|\$\{[^{}\r\n]*\}|\$\(\w+\)/y;
const lineRest = /[^\r\n]*/y;
const batchEnd = /GO(?:[ \t]+\d+)?[ \t]*(?:--[^\r\n]*)?(?=[\r\n]|$)/iy;
const copyEnd = /^\\\.[ \t]*\r?$/m;
const lineEnd = /\r\n|\n|\r/g;

class Lexer {
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #tokens: Token[] = [];
  #at = 0;
  /** The statement's first words, as far as they tell whether COPY data follows it. */
  #copy: "start" | "copy" | "from" | "stdin" | "no" = "start";

  constructor(text: string, dialect: Dialect) {
    this.#text = text;
    this.#dialect = dialect;
  }

  all(): Token[] {
    while (this.#at < this.#text.length) this.#next();
    return this.#tokens;
  }

  #next(): void {
    if (this.#match(space)) return this.#add("space");
    const first = this.#text[this.#at] ?? "";
    const second = this.#text[this.#at + 1] ?? "";
    if (first === "-" && second === "-") {
      this.#match(lineComment);
      return this.#add("comment");
    }
    if (first === "/" && second === "*") return this.#blockComment();
    if (this.#match(this.#dialect === "postgresql" ? templates : sqlServerTemplates)) return this.#add("template");
    if (this.#dialect === "postgresql") this.#nextOfPostgres(first, second);
    else this.#nextOfSqlServer(first, second);
  }

  #nextOfPostgres(first: string, second: string): void {
    if (first === "'") return this.#quoted("string", 1, "'", false);
    if (first === '"') return this.#quoted("quoted-identifier", 1, '"', false);
    if (first === "$") return this.#dollar();
    if (first === "\\") return this.#match(lineRest) ? this.#add("line-command") : undefined;
    if (second === "'" && /[bexn]/i.test(first)) return this.#quoted("string", 2, "'", /e/i.test(first));
    if (/u/i.test(first) && second === "&") {
      const quote = this.#text[this.#at + 2];
      if (quote === "'") return this.#quoted("string", 3, "'", false);
      if (quote === '"') return this.#quoted("quoted-identifier", 3, '"', false);
    }
    if (this.#match(postgresWord)) return this.#word();
    if (this.#number(first, second)) return this.#add("number");
    if (this.#match(postgresOperator)) return this.#operator();
    this.#single(first);
  }

  #nextOfSqlServer(first: string, second: string): void {
    if (first === "'") return this.#quoted("string", 1, "'", false);
    if (second === "'" && /n/i.test(first)) return this.#quoted("string", 2, "'", false);
    if (first === '"') return this.#quoted("quoted-identifier", 1, '"', false);
    if (first === "[") return this.#quoted("quoted-identifier", 1, "]", false);
    if (/g/i.test(first) && this.#atLineStart() && this.#match(batchEnd)) return this.#add("line-command");
    if (this.#match(sqlServerVariable)) return this.#add("parameter");
    if (/\$/.test(first) && /\d/.test(second)) {
      this.#at++;
      this.#match(numberPattern);
      return this.#add("number");
    }
    if (this.#match(sqlServerWord)) return this.#add("word");
    if (this.#number(first, second)) return this.#add("number");
    if (this.#match(sqlServerOperator)) return this.#add("operator");
    this.#single(first);
  }

  #number(first: string, second: string): boolean {
    return (/\d/.test(first) || (first === "." && /\d/.test(second))) && this.#match(numberPattern);
  }

  #word(): void {
    if (this.#copy !== "no") this.#followCopy(this.#text.slice(this.#start(), this.#at).toLowerCase());
    this.#add("word");
  }

  #followCopy(word: string): void {
    if (this.#copy === "start") this.#copy = word === "copy" ? "copy" : "no";
    else if (this.#copy === "copy" && word === "from") this.#copy = "from";
    else if (this.#copy === "from") this.#copy = word === "stdin" ? "stdin" : "no";
  }

  /** A `;` ends the statement; after one of COPY … FROM STDIN the lines of data follow, up to `\.`. */
  #semicolon(): void {
    this.#at++;
    this.#add("punctuation");
    const copies = this.#copy === "stdin";
    this.#copy = "start";
    if (!copies) return;
    lineEnd.lastIndex = this.#at;
    const data = lineEnd.exec(this.#text);
    if (!data) return;
    const from = data.index + data[0].length;
    const end = copyEnd.exec(this.#text.slice(from));
    if (!end) return;
    this.#match(lineRest);
    if (this.#at > this.#start()) this.#add("space");
    this.#at = from + end.index + end[0].length;
    this.#add("line-command");
  }

  #single(first: string): void {
    if (first === ";") return this.#semicolon();
    this.#at += 1;
    this.#add("()[],.:".includes(first) ? "punctuation" : "unknown");
  }

  /** In PostgreSQL an operator stops before a comment, and one of several characters ends in + or - only beside a special one. */
  #operator(): void {
    const start = this.#start();
    let written = this.#text.slice(start, this.#at);
    const comment = written.search(/--|\/\*/);
    if (comment > 0) written = written.slice(0, comment);
    while (written.length > 1 && /[+-]$/.test(written) && !/[~!@#%^&|`?]/.test(written)) written = written.slice(0, -1);
    this.#at = start + written.length;
    this.#add("operator");
  }

  #dollar(): void {
    const start = this.#at;
    if (this.#match(dollarTag)) {
      const tag = this.#text.slice(start, this.#at);
      const end = this.#text.indexOf(tag, this.#at);
      this.#at = end < 0 ? this.#text.length : end + tag.length;
      return this.#add("dollar-string", end >= 0);
    }
    if (this.#match(postgresParameter)) return this.#add("parameter");
    this.#at++;
    this.#add("unknown");
  }

  #quoted(kind: TokenKind, opening: number, close: string, escapes: boolean): void {
    let at = this.#at + opening;
    for (; at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === "\\" && escapes) at++;
      else if (char === close) {
        if (this.#text[at + 1] !== close) break;
        at++;
      }
    }
    const terminated = at < this.#text.length;
    this.#at = terminated ? at + 1 : this.#text.length;
    this.#add(kind, terminated);
  }

  #blockComment(): void {
    const marks = /\/\*|\*\//g;
    marks.lastIndex = this.#at;
    let depth = 0;
    for (let mark = marks.exec(this.#text); mark; mark = marks.exec(this.#text)) {
      depth += mark[0] === "/*" ? 1 : -1;
      if (depth > 0) continue;
      this.#at = marks.lastIndex;
      return this.#add("comment");
    }
    this.#at = this.#text.length;
    this.#add("comment", false);
  }

  #atLineStart(): boolean {
    for (let at = this.#at - 1; at >= 0; at--) {
      const char = this.#text[at];
      if (char === "\n" || char === "\r") return true;
      if (char !== " " && char !== "\t" && char !== "\ufeff") return false;
    }
    return true;
  }

  /** Where the token that is being read began. */
  #start(): number {
    return this.#tokens.at(-1)?.end ?? 0;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text) || pattern.lastIndex === this.#at) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #add(kind: TokenKind, terminated = true): void {
    this.#tokens.push({ kind, start: this.#start(), end: this.#at, terminated });
  }
}
