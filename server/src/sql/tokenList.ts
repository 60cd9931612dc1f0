import { type Token, type TokenKind, tokenKinds } from "./token";

/**
 * Tokens in their order, kept as numbers: a long text has millions of them, and to make as many objects would take several times the memory
 * and most of the time that the text is read in.
 */
export class TokenList implements Iterable<Token> {
  /** By token: its kind's number, with a mark where it isn't terminated; its start; its end. */
  #numbers: Int32Array<ArrayBufferLike>;
  /** Where the first token's numbers are. */
  readonly #first: number;
  /** What is added to the offsets. */
  readonly #by: number;
  #length: number;

  constructor(
    numbers: Int32Array<ArrayBufferLike> = new Int32Array(perToken * fewTokens),
    first = 0,
    length = 0,
    by = 0,
  ) {
    this.#numbers = numbers;
    this.#first = first;
    this.#length = length;
    this.#by = by;
  }

  static of(tokens: Iterable<Token>): TokenList {
    const list = new TokenList();
    for (const token of tokens) list.add(token.kind, token.start, token.end, token.terminated);
    return list;
  }

  get length(): number {
    return this.#length;
  }

  get last(): Token | undefined {
    return this.get(this.#length - 1);
  }

  get(at: number): Token | undefined {
    if (at < 0 || at >= this.#length) return undefined;
    const place = this.#first + perToken * at;
    const code = this.#numbers[place] ?? 0;
    return {
      kind: kindOf(code),
      start: (this.#numbers[place + 1] ?? 0) + this.#by,
      end: (this.#numbers[place + 2] ?? 0) + this.#by,
      terminated: (code & unterminated) === 0,
    };
  }

  kindAt(at: number): TokenKind | undefined {
    if (at < 0 || at >= this.#length) return undefined;
    return kindOf(this.#numbers[this.#first + perToken * at] ?? 0);
  }

  some(isMeant: (kind: TokenKind) => boolean): boolean {
    for (let at = 0; at < this.#length; at++) {
      const kind = this.kindAt(at);
      if (kind !== undefined && isMeant(kind)) return true;
    }
    return false;
  }

  /** The tokens of all kinds but some. */
  without(isLeftOut: (kind: TokenKind) => boolean): TokenList {
    if (!this.some(isLeftOut)) return this;
    const list = new TokenList();
    for (let at = 0; at < this.#length; at++) {
      const token = this.get(at);
      if (token !== undefined && !isLeftOut(token.kind)) list.add(token.kind, token.start, token.end, token.terminated);
    }
    return list;
  }

  /** The tokens from one to before another, with other offsets, in the same memory. */
  part(from: number, to: number, by: number): TokenList {
    return new TokenList(this.#numbers, this.#first + perToken * from, Math.max(0, to - from), this.#by + by);
  }

  /** Adds a token to a list that is no part of another one. */
  add(kind: TokenKind, start: number, end: number, terminated: boolean): void {
    const place = perToken * this.#length++;
    if (place === this.#numbers.length) {
      // What isn't used of a long array takes no memory, and to copy it more often takes time.
      const longer = new Int32Array(4 * place);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[place] = codeOf(kind) | (terminated ? 0 : unterminated);
    this.#numbers[place + 1] = start;
    this.#numbers[place + 2] = end;
  }

  /** By a loop of its own: to V8 a generator takes several times as long. */
  toArray(): Token[] {
    const tokens: Token[] = [];
    for (let at = 0; at < this.#length; at++) {
      const token = this.get(at);
      if (token !== undefined) tokens.push(token);
    }
    return tokens;
  }

  [Symbol.iterator](): Iterator<Token> {
    return this.toArray().values();
  }
}

const perToken = 3;
/** As many as most statements have. */
const fewTokens = 32;
const unterminated = 16;

/** To V8 a short walk is quicker than a map or the properties of an object. */
function codeOf(kind: TokenKind): number {
  let code = 0;
  while (tokenKinds[code] !== kind) code++;
  return code;
}

function kindOf(code: number): TokenKind {
  return tokenKinds[code & ~unterminated] ?? "unknown";
}
