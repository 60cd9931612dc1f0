import { setImmediate } from "node:timers/promises";

/** Long work in slices, between which what else has come in is answered. */
export interface Slices {
  /** To be asked between the pieces of the work: null while the slice still has time. */
  rest(): Promise<void> | null;
  /** Whether the slice has no more time. */
  isOver(): boolean;
  /** Lets other work in, whether the slice has time or not. */
  pause(): Promise<void>;
}

export function openSlices(): Slices {
  let began = performance.now();
  const isOver = () => performance.now() - began >= longestSlice;
  const pause = () =>
    turns().then(() => {
      began = performance.now();
    });
  return { isOver, pause, rest: () => (isOver() ? pause() : null) };
}

/** A message comes in on one turn of the event loop, and is answered on a later one; an edit and a question about it are two. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < restingTurns; turn++) await setImmediate();
}

const restingTurns = 4;

/** Milliseconds; a keystroke waits for no more than that and one more piece of the work. */
const longestSlice = 5;
