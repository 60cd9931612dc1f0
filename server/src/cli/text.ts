/** `1 tenant`, `1,204 tenants`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** A whole number with its thousands apart; by hand, as the first use of Node's own formats takes longer than a short command's work. */
export function number(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** A duration as people say it: `40 ms`, `3.2 s`, `4 min 10 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) {
    return `${Math.round(milliseconds)} ms`;
  }
  const seconds = milliseconds / 1_000;
  if (seconds < 60) {
    return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  const minutes = Math.floor(Math.round(seconds) / 60);
  return `${number(minutes)} min ${Math.round(seconds) % 60} s`;
}

/** The first few of a list, and how many more there are. */
export function few(items: readonly string[], most: number): string {
  return items.length <= most
    ? items.join(", ")
    : `${items.slice(0, most).join(", ")} and ${number(items.length - most)} more`;
}

/** A name from the outside, with what would steer the terminal made visible. */
export function visible(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(/\p{Cc}|\p{Bidi_Control}/gu, (character) =>
    character === "\n" || character === "\t"
      ? character
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}}`,
  );
}

/** The same in one line. */
export function visibleInLine(text: string): string {
  return visible(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** A schema's name inside a sentence: one that isn't a plain word stands in quotes. */
export function nameText(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_$-]*$/u.test(name) ? name : `"${visibleInLine(name)}"`;
}

/** How many columns a terminal gives to the text; wide East Asian characters and emoji take two. */
export function width(text: string): number {
  if (plain.test(text)) return text.length;
  let columns = 0;
  for (const character of text) {
    columns += /\p{Mn}|\p{Me}|\p{Cf}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  }
  return columns;
}

const plain = /^[ -~]*$/;
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
