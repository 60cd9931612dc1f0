/**
 * The types, by OID, whose values stay the server's own text: whole numbers of 8 bytes, which a JavaScript number can't hold, and what has a
 * form of its own there. A date or a moment without a time zone would become one in the zone of this process, and be told as another day.
 */
export const leftAsText: readonly number[] = [
  20, // bigint
  ...[1082, 1182], // date
  ...[1114, 1115], // timestamp
  ...[1186, 1187], // interval
  ...[17, 1001], // bytea
];

export function isLeftAsText(type: number): boolean {
  return leftAsText.includes(type);
}

export const asText = (value: string): string => value;
