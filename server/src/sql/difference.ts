/** How many characters two texts have in common from their start on. */
export function commonStart(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let length = 0;
  // Whole blocks are compared at once, as a comparison of strings is far faster than one of their characters.
  for (let block = largest; block > 0; block = block >> 2) {
    while (length + block <= most && one.slice(length, length + block) === other.slice(length, length + block))
      length += block;
  }
  return length;
}

/** How many characters two texts have in common up to their end, without the first ones of each. */
export function commonEnd(one: string, other: string, without: number): number {
  const most = Math.min(one.length, other.length) - without;
  let length = 0;
  for (let block = largest; block > 0; block = block >> 2) {
    while (length + block <= most && sliceBefore(one, length, block) === sliceBefore(other, length, block))
      length += block;
  }
  return length;
}

const largest = 4 ** 8;

function sliceBefore(text: string, fromEnd: number, length: number): string {
  return text.slice(text.length - fromEnd - length, text.length - fromEnd);
}
