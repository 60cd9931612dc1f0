import { describe, expect, it } from "vitest";
import { progressOf } from "../../server/src/cli/progress";
import { styleFor } from "../../server/src/cli/style";
import type { Terminal } from "../../server/src/cli/terminal";

/** A terminal whose standard error is kept, and a clock that the test moves. */
function kept(live: boolean, columns = 100) {
  const notes: string[] = [];
  const style = styleFor({ isTTY: false }, {});
  const terminal: Terminal = {
    line: () => {},
    note: (text) => notes.push(text),
    draw: (text) => notes.push(`\r${text}`),
    style,
    noteStyle: style,
    interactive: false,
    live,
    lost: false,
    columns,
    ask: async () => null,
    askHidden: async () => null,
  };
  const clock = { time: 0 };
  return { terminal, notes, clock, now: () => clock.time };
}

describe("progress", () => {
  it("draws a bar with rate and time left on a terminal", () => {
    const { terminal, notes, clock, now } = kept(true);
    const progress = progressOf(terminal, 4, now);
    clock.time = 1_000;
    progress.step(false);
    clock.time = 2_000;
    progress.step(true);
    expect(notes).toEqual([
      `\r  ${"█".repeat(7)}▌${"░".repeat(22)} 1 of 4 schemas · 1.0/s · 3.0 s left`,
      `\r  ${"█".repeat(15)}${"░".repeat(15)} 2 of 4 schemas · 1.0/s · 2.0 s left · 1 failed`,
    ]);
  });

  it("leaves the bar out where a line is too short for it", () => {
    const { terminal, notes, clock, now } = kept(true, 40);
    const progress = progressOf(terminal, 2, now);
    clock.time = 1_000;
    progress.step(false);
    expect(notes).toEqual(["\r  1 of 2 schemas · 1.0/s · 1.0 s left"]);
  });

  it("says of a stage that was stopped how long it took, not what is left", () => {
    const { terminal, notes, clock, now } = kept(false);
    const progress = progressOf(terminal, 4, now);
    clock.time = 1_000;
    progress.step(false);
    progress.end();
    expect(notes).toEqual(["  1 of 4 schemas · 1.0/s · 1.0 s"]);
  });

  it("writes a line every few seconds elsewhere, not one for each tenant", () => {
    const { terminal, notes, clock, now } = kept(false);
    const progress = progressOf(terminal, 1_000, now);
    for (let n = 0; n < 1_000; n += 1) {
      clock.time += 12;
      progress.step(n % 100 === 99);
    }
    progress.end();
    expect(notes).toEqual([
      "  417 of 1,000 schemas · 83/s · 7.0 s left · 4 failed",
      "  834 of 1,000 schemas · 83/s · 2.0 s left · 8 failed",
      "  1,000 of 1,000 schemas · 83/s · 12 s · 10 failed",
    ]);
  });
});
