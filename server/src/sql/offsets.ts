/** The UTF-16 offset of the n-th code point, from 0; servers and parsers count in code points. */
export function fromCodePoints(text: string, count: number): number {
  let offset = 0;
  for (let left = count; left > 0 && offset < text.length; left--) offset += isPair(text, offset) ? 2 : 1;
  return offset;
}

/** Translates UTF-8 byte offsets into a text to UTF-16 offsets; the offsets asked for may come in any order. */
export function utf8Offsets(text: string): (byte: number) => number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
  if (/^[\x00-\x7f]*$/.test(text)) return (byte) => Math.min(byte, text.length);
  const bytes = new Uint32Array(text.length + 1);
  for (let at = 0, byte = 0; at < text.length; at++) {
    bytes[at] = byte;
    if (isPair(text, at)) {
      bytes[++at] = byte;
      byte += 4;
    } else {
      const code = text.charCodeAt(at);
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    }
    bytes[at + 1] = byte;
  }
  return (byte) => {
    let low = 0;
    let high = text.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bytes[middle] ?? 0) < byte) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function isPair(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}
