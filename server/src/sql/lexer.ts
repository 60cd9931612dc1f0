import { isDigit, isLetter, spacesEnd, wordEnd } from "./characters";
import type { Dialect } from "./dialect";
import { clearsStatement, sendsStatement } from "./psqlCommand";
import {
  beforeNames,
  beforeServerNames,
  serverParameter,
  serverTemplate,
  serverTemplateOfName,
  template,
  templateCommand,
  templateOfName,
} from "./templates";
import type { Token, TokenKind } from "./token";
import { TokenList } from "./tokenList";

/** Cuts a text into tokens, spaces and comments among them: joined, they are the text. Never throws; takes time in proportion to the text. */
export function lex(text: string, dialect: Dialect): Token[] {
  return readAll(text, dialect, true).toArray();
}

/** A text's tokens, comments among them, but no spaces: as whoever reads what they say needs them. */
export function tokensOf(text: string, dialect: Dialect): TokenList {
  return readAll(text, dialect, false);
}

function readAll(text: string, dialect: Dialect, keepsSpaces: boolean): TokenList {
  const reader = new Lexer(text, dialect, 0, asAtStart, keepsSpaces);
  while (!reader.atEnd()) reader.read();
  return reader.tokens;
}

/** What went before decides about how a text is cut from some offset on. */
export interface LexedBefore {
  /** Whether it is known that there is no end of COPY data from there on. */
  readonly missesCopyEnd: boolean;
  /** PostgreSQL: whether a backslash escapes in plain literals as it does in `E'…'`, as it did before version 9.1. */
  readonly escapesPlain: boolean;
}

const asAtStart: LexedBefore = { missesCopyEnd: false, escapesPlain: false };

/** Cuts a text into tokens step by step, and leaves out the spaces. */
export interface TokenReader {
  /** What was read so far. */
  readonly tokens: TokenList;
  /** Where the next token begins. */
  readonly at: number;
  /** Whether what was read rests on there being no end of COPY data in all the text that follows. */
  readonly missesCopyEnd: boolean;
  atEnd(): boolean;
  /** Reads the next token, or the next few that belong together: COPY's `;` with the data after it. Where there are but spaces, none. */
  read(): void;
}

/** @param from the text's start, or where a statement has ended: only there no other state is left from what went before */
export function readTokens(text: string, dialect: Dialect, from: number, before: LexedBefore): TokenReader {
  return new Lexer(text, dialect, from, before, false);
}

const names = "A-Za-z_\\u0080-\\uffff";
const byteOrderMark = 0xfeff;
const [
  dash,
  slash,
  asterisk,
  quote,
  ampersand,
  dot,
  comma,
  semicolon,
  openParenthesis,
  closeParenthesis,
  smallG,
  smallO,
] = Array.from("-/*'&.,;()go", (character) => character.charCodeAt(0));
/** What tells a small letter of ASCII from its capital. */
const caseBit = 0x20;
const lineComment = /--[^\r\n]*/y;
const sqlServerVariable = new RegExp(`@@?[${names}0-9@#$]*`, "y");
// A range of a loop (`1..10`) ends the number before its dots.
const numberPattern = /0[xXoObB][0-9A-Fa-f_]+|(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const postgresParameter = /\$\d+/y;
const dollarTag = new RegExp(`\\$(?:[${names}][${names}0-9]*)?\\$`, "y");
// No server has an operator that is longer, and how a run of them is parted depends on its end.
const postgresOperator = /::|:=|\.\.|[+\-*/<>=~!@#%^&|`?]{1,64}/y;
const sqlServerOperator = /::|[-+*/%&|^]=|[<>!]=|<>|![<>]|[-+*/<>=~!%^&|]/y;
const psqlVariable = new RegExp(
  `:(?:[${names}][${names}0-9]*|"(?:[^"\\r\\n]|"")+"|'(?:[^'\\r\\n]|'')+'|\\{\\?\\w+\\})`,
  "y",
);
const lineRest = /[^\r\n]*/y;
const clientCopy = /\\copy\b[^\r\n]*\bfrom[ \t]+stdin\b/iy;
const batchEnd = /GO(?:[ \t]+\d+)?(?:[ \t]*;)?[ \t]*(?:--[^\r\n]*)?(?=[\r\n]|$)/iy;
const sqlcmdCommand =
  /(?::(?:connect|ed|error|exit|help|list|listvar|on|out|perftrace|quit|r|reset|serverlist|setvar|xml)\b|!!)[^\r\n]*/iy;
const copyEnd = /^\\\.[ \t]*$/gm;
const lineEnd = /\r\n|\n|\r/g;

class Lexer implements TokenReader {
  readonly tokens = new TokenList();
  missesCopyEnd: boolean;
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #keepsSpaces: boolean;
  readonly #escapesPlain: boolean;
  /** Where the token that is being read began. */
  #began: number;
  #at: number;
  /** How many brackets of the statement are open: in `a[i:n]` the colon divides. */
  #brackets = 0;
  /** Whether a string that goes on after a line end would have backslash escapes, as the part before it. */
  #escapes = false;
  /** The statement's first words, as far as they tell whether COPY data follows it. */
  #copy: "start" | "copy" | "from" | "stdin" | "no" = "start";

  constructor(
    text: string,
    dialect: Dialect,
    from: number,
    { missesCopyEnd, escapesPlain }: LexedBefore,
    keepsSpaces: boolean,
  ) {
    this.#text = text;
    this.#dialect = dialect;
    this.#began = from;
    this.#at = from;
    this.#keepsSpaces = keepsSpaces;
    this.#escapesPlain = escapesPlain;
    this.missesCopyEnd = missesCopyEnd;
  }

  get at(): number {
    return this.#at;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  read(): void {
    this.#spaces();
    if (this.atEnd()) return;
    const code = this.#text.charCodeAt(this.#at);
    const after = this.#at + 1 < this.#text.length ? this.#text.charCodeAt(this.#at + 1) : 0;
    if (code === dash && after === dash) {
      this.#match(lineComment);
      return this.#add("comment");
    }
    if (code === slash && after === asterisk) return this.#blockComment();
    // Scripts that were put together hold more of them, which sqlcmd passes over at each file's start; to PostgreSQL they are letters.
    if (code === byteOrderMark && (this.#at === 0 || this.#dialect === "sqlserver")) {
      this.#at++;
      return this.#addSpace();
    }
    if (this.#dialect === "postgresql") this.#nextOfPostgres(code, after);
    else this.#nextOfSqlServer(code, after);
  }

  #nextOfPostgres(code: number, after: number): void {
    // Most of a text are words and what parts them, so that these are told from all else first.
    if (isLetter(code) && !mayBePrefix(code, after)) return this.#word();
    if (code === openParenthesis || code === closeParenthesis || code === comma) return this.#punctuation();
    const first = String.fromCharCode(code);
    if (
      ("{$%@#<".includes(first) && this.#match(template)) ||
      (first === ":" && !this.#dividesSlice() && this.#match(psqlVariable)) ||
      ("%$".includes(first) && this.#isNameDue(first) && this.#match(templateOfName))
    ) {
      return this.#add("template");
    }
    if (first === "{" && this.#match(templateCommand)) return this.#add("comment");
    if (first === "'") return this.#quoted("string", 1, "'", this.#escapesPlain || (this.#escapes && this.#goesOn()));
    if (first === '"') return this.#quoted("quoted-identifier", 1, '"', false);
    if (first === "$") return this.#dollar();
    if (first === "\\") return this.#command(after === semicolon);
    if (after === quote && /[bexn]/i.test(first)) return this.#quoted("string", 2, "'", /e/i.test(first));
    if (/u/i.test(first) && after === ampersand) {
      const opening = this.#text[this.#at + 2];
      if (opening === "'") return this.#quoted("string", 3, "'", false);
      if (opening === '"') return this.#quoted("quoted-identifier", 3, '"', false);
    }
    if (isLetter(code)) return this.#word();
    if (this.#number(code, after)) return this.#add("number");
    if (this.#match(postgresOperator)) return this.#operator();
    this.#single(first);
  }

  #nextOfSqlServer(code: number, after: number): void {
    const isGo = (code | caseBit) === smallG && (after | caseBit) === smallO;
    if (isLetter(code) && !isGo && !mayBePrefix(code, after)) return this.#serverWord();
    if (code === openParenthesis || code === closeParenthesis || code === comma) return this.#punctuation();
    const first = String.fromCharCode(code);
    if (
      ("{$#".includes(first) && this.#match(serverTemplate)) ||
      (first === "<" && this.#match(serverParameter)) ||
      (first === "%" && this.#isNameDue(first) && this.#match(serverTemplateOfName))
    ) {
      return this.#add("template");
    }
    if (first === "'") return this.#quoted("string", 1, "'", false);
    if (after === quote && /n/i.test(first)) return this.#quoted("string", 2, "'", false);
    if (first === '"') return this.#quoted("quoted-identifier", 1, '"', false);
    if (first === "[") return this.#quoted("quoted-identifier", 1, "]", false);
    if (
      (isGo || first === ":" || first === "!") &&
      this.#atLineStart() &&
      (this.#match(batchEnd) || this.#match(sqlcmdCommand))
    ) {
      return this.#add("line-command");
    }
    if (this.#match(sqlServerVariable)) return this.#add("parameter");
    if (first === "$" && isDigit(after)) {
      this.#at++;
      this.#match(numberPattern);
      return this.#add("number");
    }
    if (isLetter(code) || first === "#" || first === "$") return this.#serverWord();
    if (this.#number(code, after)) return this.#add("number");
    if (this.#match(sqlServerOperator)) return this.#add("operator");
    this.#single(first);
  }

  /** psql's own commands take their line; `\;` is a `;` that psql sends together with what follows. */
  #command(isSemicolon: boolean): void {
    const start = this.#at;
    const isCopy = this.#match(clientCopy);
    if (isSemicolon && !isCopy) this.#at += 2;
    else this.#match(lineRest);
    this.#add("line-command");
    const command = this.#text.slice(start, this.#at);
    const sends = sendsStatement(command);
    const copies = isCopy || (sends && !isSemicolon && this.#copy === "stdin");
    if (sends || clearsStatement(command)) this.#copy = "start";
    if (copies) this.#copyData();
  }

  /** Whether the colon here stands between the bounds of an array's slice. */
  #dividesSlice(): boolean {
    if (this.#brackets === 0) return false;
    const before = this.#before();
    if (before === undefined) return false;
    if (before.kind === "punctuation") return ")]".includes(this.#text[before.start] ?? "");
    return before.kind !== "operator" && before.kind !== "unknown";
  }

  /** The token before this place, where it is no space and no comment. */
  #before(): Token | undefined {
    let at = this.tokens.length - 1;
    for (let kind = this.tokens.kindAt(at); kind === "space" || kind === "comment"; kind = this.tokens.kindAt(at)) at--;
    return this.tokens.get(at);
  }

  /** Whether a name must come here, or for `%` also a value, so that no operator can. */
  #isNameDue(first: string): boolean {
    const before = this.#before();
    if (before === undefined) return first === "%";
    if (before.kind === "word") {
      const words = this.#dialect === "postgresql" ? beforeNames : beforeServerNames;
      return words.has(this.#text.slice(before.start, before.end).toLowerCase());
    }
    if (first !== "%") return false;
    return (
      before.kind === "operator" || (before.kind === "punctuation" && "(,".includes(this.#text[before.start] ?? ""))
    );
  }

  /** Whether a string here is the rest of the one before: only spaces, a line end and line comments are between them. */
  #goesOn(): boolean {
    for (let index = this.tokens.length - 1; index >= 0; index--) {
      const token = this.tokens.get(index);
      if (token?.kind === "comment" && this.#text[token.start] === "/") return false;
      if (token?.kind === "string") return /[\r\n]/.test(this.#text.slice(token.end, this.#at));
    }
    return false;
  }

  #number(code: number, after: number): boolean {
    return (isDigit(code) || (code === dot && isDigit(after))) && this.#match(numberPattern);
  }

  #word(): void {
    this.#at = wordEnd(this.#text, this.#at + 1, "postgresql");
    if (this.#copy !== "no") this.#followCopy(this.#text.slice(this.#began, this.#at).toLowerCase());
    this.#add("word");
  }

  #serverWord(): void {
    this.#at = wordEnd(this.#text, this.#at + 1, "sqlserver");
    this.#add("word");
  }

  #punctuation(): void {
    this.#at++;
    this.#add("punctuation");
  }

  #followCopy(word: string): void {
    if (this.#copy === "start") this.#copy = word === "copy" ? "copy" : "no";
    else if (this.#copy === "copy" && word === "from") this.#copy = "from";
    else if (this.#copy === "from") this.#copy = word === "stdin" ? "stdin" : "no";
  }

  /** A `;` ends the statement; after one of COPY … FROM STDIN the lines of data follow. */
  #semicolon(): void {
    this.#punctuation();
    const copies = this.#copy === "stdin";
    this.#copy = "start";
    this.#brackets = 0;
    if (copies) this.#copyData();
  }

  /** The lines up to `\.`, which begin after this one. Without that end there is no data: it may be sent in another way. */
  #copyData(): void {
    if (this.missesCopyEnd) return;
    lineEnd.lastIndex = this.#at;
    const data = lineEnd.exec(this.#text);
    copyEnd.lastIndex = data ? data.index + data[0].length : this.#text.length;
    const end = copyEnd.exec(this.#text);
    if (!end) {
      this.missesCopyEnd = true;
      return;
    }
    this.#spaces();
    if (this.#match(lineComment)) this.#add("comment");
    this.#spaces();
    this.#at = end.index + end[0].length;
    this.#add("line-command");
  }

  #single(first: string): void {
    if (first === ";") return this.#semicolon();
    if (first === "[") this.#brackets++;
    else if (first === "]") this.#brackets = Math.max(0, this.#brackets - 1);
    this.#at += 1;
    this.#add("()[],.:".includes(first) ? "punctuation" : "unknown");
  }

  /** In PostgreSQL an operator stops before a comment, and one of several characters ends in + or - only beside a special one. */
  #operator(): void {
    const start = this.#began;
    let written = this.#text.slice(start, this.#at);
    const comment = written.search(/--|\/\*/);
    if (comment > 0) written = written.slice(0, comment);
    if (!/[~!@#%^&|`?]/.test(written))
      while (written.length > 1 && /[+-]$/.test(written)) written = written.slice(0, -1);
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
      if (!escapes) {
        at = this.#text.indexOf(close, at);
        if (at < 0) at = this.#text.length;
      }
      const char = this.#text[at];
      if (char === "\\") at++;
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

  /** Goes on after the spaces here, if there are any. */
  #spaces(): void {
    this.#at = spacesEnd(this.#text, this.#at);
    if (this.#at > this.#began) this.#addSpace();
  }

  #addSpace(): void {
    if (this.#keepsSpaces) this.#add("space");
    else this.#began = this.#at;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text) || pattern.lastIndex === this.#at) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #add(kind: TokenKind, terminated = true): void {
    const start = this.#began;
    this.#began = this.#at;
    this.tokens.add(kind, start, this.#at, terminated);
    if (kind === "string")
      this.#escapes =
        terminated && (/e/i.test(this.#text[start] ?? "") || (this.#escapes && this.#text[start] === "'"));
    else if (kind !== "space" && kind !== "comment") this.#escapes = false;
  }
}

/** Whether a letter may open a string or a quoted name: `E'…'`, `U&"…"`. */
function mayBePrefix(code: number, after: number): boolean {
  return code < 128 && (after === quote || after === ampersand);
}
