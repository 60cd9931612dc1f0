import type { Terminal } from "./terminal";
import { count, duration, number } from "./text";

/** The progress of one stage of a run. */
export interface Progress {
  /** One more tenant ended, well or not. */
  step(failed: boolean): void;
  /** A message that must not be drawn over. */
  note(text: string): void;
  /** Draws the last state and leaves it standing. */
  end(): void;
}

/** On a terminal a bar with rate and time left; elsewhere a plain line every few seconds, however many tenants there are. */
export function progressOf(
  terminal: Terminal,
  total: number,
  now: () => number = performance.now.bind(performance),
): Progress {
  const begun = now();
  let done = 0;
  let failed = 0;
  let shown = begun;
  let ended = false;

  const figures = (): string => {
    const elapsed = now() - begun;
    const rate = elapsed > 0 ? (done * 1_000) / elapsed : 0;
    const parts = [`${number(done)} of ${count(total, "schema")}`];
    if (done > 0) {
      parts.push(`${rate < 10 ? rate.toFixed(1) : number(rate)}/s`);
    }
    parts.push(
      ended || done === 0 || done >= total
        ? duration(elapsed)
        : `${duration(Math.ceil(((total - done) * elapsed) / done / 1_000) * 1_000)} left`,
    );
    if (failed > 0) {
      parts.push(terminal.noteStyle.red(`${number(failed)} failed`));
    }
    return parts.join(" · ");
  };

  const draw = (): void => {
    const room = Math.min(30, terminal.columns - 60);
    const bar = room < 10 ? "" : `${terminal.noteStyle.cyan(barOf(done, total, room))} `;
    terminal.draw(`  ${bar}${figures()}`);
  };

  const show = (pause: number): void => {
    if (now() - shown >= pause) {
      shown = now();
      if (terminal.live) {
        draw();
      } else {
        terminal.note(`  ${figures()}`);
      }
    }
  };

  return {
    step: (failure) => {
      done += 1;
      failed += failure ? 1 : 0;
      if (done < total) {
        show(terminal.live ? 80 : 5_000);
      }
    },
    note: (text) => {
      if (terminal.live) {
        terminal.draw("");
      }
      terminal.note(text);
    },
    end: () => {
      ended = true;
      if (terminal.live) {
        draw();
        terminal.note("");
      } else {
        terminal.note(`  ${figures()}`);
      }
    },
  };
}

function barOf(done: number, total: number, cells: number): string {
  const eighths = total === 0 ? cells * 8 : Math.floor((Math.min(done, total) / total) * cells * 8);
  const full = Math.floor(eighths / 8);
  const rest = full < cells ? (partial[eighths % 8] ?? "") : "";
  return `${"█".repeat(full)}${rest}`.padEnd(cells, "░");
}

const partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
