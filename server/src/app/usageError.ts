/** Wrong use or configuration: nothing was done, and the message tells what to put right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** The place in a file that has to be put right, line and column 1-based, or null. */
  readonly place: Place | null;

  constructor(message: string, place: Place | null = null, options?: ErrorOptions) {
    super(message, options);
    this.place = place;
  }
}

export interface Place {
  /** Absolute. */
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
}
