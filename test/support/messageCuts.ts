import type { Watch } from "./proxy";

/** Counts the messages of PostgreSQL's protocol in both directions, over all connections. */
export interface MessageCuts {
  readonly watch: () => Watch;
  readonly messages: number;
}

/** Breaks the connection that carries the message with that number, just after it; 0 breaks none. */
export function cutAfter(number: number): MessageCuts {
  let messages = 0;
  return {
    get messages() {
      return messages;
    },
    watch() {
      const readers = { client: reader(false), server: reader(true) };
      let isCut = false;
      return (from, bytes) => {
        if (isCut) return { bytes: Buffer.alloc(0), cut: true };
        let length = 0;
        for (const end of readers[from](bytes)) {
          length = end;
          messages++;
          isCut = messages === number;
          if (isCut) break;
        }
        return isCut ? { bytes: bytes.subarray(0, length), cut: true } : { bytes, cut: false };
      };
    },
  };
}

/** Gives the offsets in each piece at which a message ends. A client's first message has no type. */
function reader(typed: boolean): (bytes: Buffer) => number[] {
  let hasType = typed;
  let header = Buffer.alloc(0);
  let missing = 0;
  return (bytes) => {
    const ends: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      if (missing > 0) {
        const taken = Math.min(missing, bytes.length - at);
        missing -= taken;
        at += taken;
      } else {
        const size = hasType ? 5 : 4;
        const part = bytes.subarray(at, at + size - header.length);
        header = Buffer.concat([header, part]);
        at += part.length;
        if (header.length < size) break;
        missing = header.readInt32BE(size - 4) - 4;
        header = Buffer.alloc(0);
        hasType = true;
      }
      if (missing === 0 && header.length === 0) ends.push(at);
    }
    return ends;
  };
}
