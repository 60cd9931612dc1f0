import type { Dialect } from "../dialect";
import { keptName } from "../identifierLength";
import type { Span } from "../span";
import { type Source, tokenText } from "./source";
import { isReserved } from "./words";

/** One identifier of a dotted name, in its source's own offsets; the name is folded and unquoted, empty where `db..t` or `server...t` leaves it out. */
export interface Part extends Span {
  readonly name: string;
}

/** A dotted name, the index of its first token and that of the token after it. */
export interface Name {
  readonly parts: readonly Part[];
  readonly first: number;
  readonly next: number;
}

/** Stands for the `%` of a format string's `%I`, so that the lexer reads an identifier there. */
export const placeholder = "\uE000";

/** The last identifier of a name. */
export function lastPart(name: Name): Part {
  return name.parts.at(-1) ?? { name: "", start: 0, end: 0 };
}

/** The identifier before the last one, which names the schema of a table, or null where there is none. */
export function schemaPart(name: Name): Part | null {
  const part = name.parts.at(-2);
  return part === undefined || part.name === "" ? null : part;
}

/** The name without its last identifier: the table of a column. */
export function withoutLast(name: Name): Name | null {
  return name.parts.length < 2 ? null : { ...name, parts: name.parts.slice(0, -1) };
}

/**
 * Reads a name where one stands; a reserved word is none, so that text which lacks a name isn't misread. What has only its schema missing
 * (`insert into .orders`) is a name.
 */
export function readName(source: Source, at: number): Name | null {
  const word = source.words[at];
  if (word === ".") return withoutSchema(source, at);
  if (word !== undefined && word !== "" && isReserved(word, source.dialect)) return null;
  return readAnyName(source, at);
}

/** SQL Server also leaves out the server and the database: `..dbo.orders`. */
function withoutSchema(source: Source, at: number): Name | null {
  let next = at + 1;
  if (source.dialect === "sqlserver") while (source.words[next] === "." && next < at + 3) next++;
  const isOwn = source.tokens.get(next)?.start === source.tokens.get(next - 1)?.end;
  const name = isOwn ? readAnyName(source, next) : null;
  return name && { ...name, first: at };
}

/** Reads a name that may begin with a reserved word, as a column's or type's may after a dot or in its own place. */
export function readAnyName(source: Source, at: number): Name | null {
  const first = readPart(source, at);
  if (first === null) return null;
  const owner = source.tokens.kindAt(at) === "template" ? ownerTemplate(source, at) : null;
  const owned = owner && readPart(source, at + 1);
  let parts = owned ? [owner, owned.part] : [first.part];
  let { next } = owned ?? first;
  while (source.words[next] === ".") {
    let after = next + 1;
    while (source.dialect === "sqlserver" && source.words[after] === ".") {
      const dot = source.tokens.get(after);
      parts = withPart(parts, { name: "", start: dot?.start ?? 0, end: dot?.start ?? 0 });
      after++;
    }
    const part = isCutOff(source, after) ? null : readPart(source, after);
    if (part === null) break;
    parts = withPart(parts, part.part);
    next = part.next;
  }
  return { parts, first: at, next };
}

/**
 * SQL Server: a template that stands for a schema and its dot, as in `{databaseOwner}[orders]`: an identifier in quotes can't go on with what
 * stands before it, and DotNetNuke's own template is known.
 */
function ownerTemplate(source: Source, at: number): Part | null {
  const { start = 0, end = 0 } = source.tokens.get(at) ?? {};
  const next = source.tokens.get(at + 1);
  if (source.dialect !== "sqlserver" || next?.start !== end) return null;
  const written = source.text.slice(start, end);
  const goesOn = next.kind === "quoted-identifier" || (next.kind !== "punctuation" && ownerNames.test(written));
  return goesOn ? { name: written, start, end } : null;
}

const ownerNames = /^\{(?:databaseowner|do)\}$/i;

/** The parts of a name with another one; most names have two, and a list that was made of two takes less than one that has grown. */
function withPart(parts: Part[], part: Part): Part[] {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return [first, part];
  parts.push(part);
  return parts;
}

/** Names as most are, which both dialects read as they stand. */
const plainName = /^[a-z_][a-z0-9_]*$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
const notAscii = /[^\x00-\x7f]/;

/** A name as the server would read it: quotes removed, a bare PostgreSQL name in lower case, and cut where it is too long for PostgreSQL. */
export function identifierName(written: string, dialect: Dialect): string {
  return keptName(writtenName(written, dialect), dialect);
}

/** A name as it is written, without its quotes, however long. */
export function writtenName(written: string, dialect: Dialect): string {
  if (plainName.test(written)) return written;
  if (written.startsWith(placeholder)) return `%${written.slice(1)}`;
  if (dialect === "postgresql" && written.includes(placeholder))
    return writtenName(written.replaceAll(placeholder, "%"), dialect);
  if (written.startsWith('"')) return unwrap(written, '"');
  if (written.startsWith("[")) return unwrap(written, "]");
  if (/^u&"/i.test(written)) return decodeUnicode(unwrap(written.slice(2), '"'));
  if (dialect === "sqlserver") return written;
  return notAscii.test(written)
    ? written.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    : written.toLowerCase();
}

/** Turns `\0041` and `\+000041` of a `U&` literal into the characters that they stand for. */
export function decodeUnicode(text: string): string {
  return text.replace(/\\(?:\\|\+([0-9a-f]{6})|([0-9a-f]{4}))/gi, (whole, long?: string, short?: string) => {
    const code = Number.parseInt(long ?? short ?? "", 16);
    if (Number.isNaN(code)) return "\\";
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/**
 * A reserved word after a dot and a gap begins what follows the unfinished name, as in `from prototype. where`. In a refused statement any
 * word does (`alter table prototype. add a int`), since nobody writes a gap on that side alone.
 */
export function isCutOff({ tokens, words, dialect, refused }: Source, at: number): boolean {
  const dot = tokens.get(at - 1);
  if ((tokens.get(at)?.start ?? 0) <= (dot?.end ?? 0)) return false;
  const word = words[at];
  return (refused && tokens.get(at - 2)?.end === dot?.start) || (!!word && isReserved(word, dialect));
}

function readPart(source: Source, at: number): { part: Part; next: number } | null {
  const token = source.tokens.get(at);
  if (token === undefined || !isIdentifier(source, at)) return null;
  let { end } = token;
  let next = at + 1;
  let templated = token.kind === "template";
  for (let more = source.tokens.get(next); more !== undefined && more.start === end; more = source.tokens.get(next)) {
    if (!isIdentifier(source, next) || !(templated || more.kind === "template")) break;
    templated = true;
    end = more.end;
    next++;
  }
  const written = source.text.slice(token.start, end);
  return {
    part: { name: templated ? written : identifierName(written, source.dialect), start: token.start, end },
    next,
  };
}

function isIdentifier(source: Source, at: number): boolean {
  const kind = source.tokens.kindAt(at);
  if (kind === "quoted-identifier" || kind === "template") return true;
  return kind === "word" && !tokenText(source, at).startsWith("@");
}

function unwrap(quoted: string, close: string): string {
  const inner = quoted.slice(1, quoted.length > 1 && quoted.endsWith(close) ? -1 : undefined);
  return inner.replaceAll(close + close, close);
}
