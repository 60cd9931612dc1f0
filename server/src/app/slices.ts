import { setImmediate } from "node:timers/promises";

/** Long work in slices, between which what else has come in is answered. */
export interface Slices {
  /** To be asked between the pieces of the work: null while the slice still has time. */
  rest(): Promise<void> | null;
}

export function openSlices(): Slices {
  let began = performance.now();
  return {
    rest() {
      if (performance.now() - began < longestSlice) return null;
      return setImmediate().then(() => {
        began = performance.now();
      });
    },
  };
}

/** Milliseconds; a keystroke waits for no more than that and one more piece of the work. */
const longestSlice = 8;
