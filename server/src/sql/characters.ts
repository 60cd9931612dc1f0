import type { Dialect } from "./dialect";

const space = 1;
const letter = 2;
const digit = 4;
const dollar = 8;
/** What SQL Server has in names besides. */
const mark = 16;

/** What each character of ASCII may be a part of; all others stand in names. */
const classes = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[ \t-\r]/.test(character)) return space;
  if (/[A-Za-z_]/.test(character)) return letter;
  if (/\d/.test(character)) return digit;
  if (character === "$") return dollar;
  return /[@#]/.test(character) ? mark : 0;
});

/** Where the spaces that may stand at an offset end: blanks, and what ASCII has from the tabulator to the carriage return. */
export function spacesEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isOf(text.charCodeAt(at), space)) at++;
  return at;
}

/** Where the word ends that begins before an offset. */
export function wordEnd(text: string, from: number, dialect: Dialect): number {
  const parts = dialect === "postgresql" ? letter | digit | dollar : letter | digit | dollar | mark;
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 128 && !isOf(code, parts)) break;
  }
  return at;
}

/** Whether a character can only begin a word, or in ASCII also a string's prefix; the dialects have words that begin otherwise, too. */
export function isLetter(code: number): boolean {
  return code >= 128 || isOf(code, letter);
}

export function isDigit(code: number): boolean {
  return isOf(code, digit);
}

function isOf(code: number, parts: number): boolean {
  return code < 128 && ((classes[code] ?? 0) & parts) !== 0;
}
