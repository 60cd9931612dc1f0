import { describe, expect, it } from "vitest";
import { createPace, firstLevel, type Pace } from "../../server/src/engine/pace";

/** A server that finishes so many schemas a second with so many workers. */
function drive(pace: Pace, clock: { now: number }, seconds: number, rateOf: (level: number) => number): number[] {
  const levels: number[] = [];
  for (const end = clock.now + seconds * 1000; clock.now < end; ) {
    clock.now += 1000 / rateOf(pace.level);
    pace.finished();
    if (levels.at(-1) !== pace.level) levels.push(pace.level);
  }
  return levels;
}

const elsewhere = { processors: null };

describe("the pace", () => {
  it("climbs as long as more workers make it faster", () => {
    const clock = { now: 0 };
    const pace = createPace("auto", elsewhere, 30, () => clock.now);
    expect(pace.level).toBe(4);
    drive(pace, clock, 60, (level) => 20 * Math.min(level, 12));
    expect(pace.level).toBeGreaterThanOrEqual(10);
    expect(pace.level).toBeLessThanOrEqual(14);
  });

  it("begins with a worker for each processor of this machine where the database is there, between two and four", () => {
    const first = (processors: number | null) => firstLevel("auto", { processors });
    expect([1, 2, 3, 4, 64, null].map(first)).toEqual([2, 2, 3, 4, 4, 4]);
    expect(firstLevel(9, { processors: 2 })).toBe(9);
  });

  it("tries more workers than the server has processors only after three seconds", () => {
    const clock = { now: 0 };
    const pace = createPace("auto", { processors: 2 }, 30, () => clock.now);
    expect(drive(pace, clock, 2.9, (level) => 200 * level)).toEqual([2]);
    drive(pace, clock, 60, (level) => 200 * Math.min(level, 12));
    expect(pace.level).toBeGreaterThanOrEqual(10);
  });

  it("climbs at once where the server has more processors than the run begins with workers", () => {
    const clock = { now: 0 };
    const pace = createPace("auto", { processors: 64 }, 100, () => clock.now);
    expect(drive(pace, clock, 2, (level) => 200 * level)).toContain(6);
  });

  it("goes back to where it was where they don't, and tries again only after a while", () => {
    const clock = { now: 0 };
    const pace = createPace("auto", elsewhere, 30, () => clock.now);
    expect(drive(pace, clock, 15, () => 200)).toEqual([4, 6, 4]);
    expect(drive(pace, clock, 60, () => 200)).toContain(6);
  });

  it("doesn't take the end of a slow start for the work of more workers", () => {
    const clock = { now: 0 };
    const pace = createPace("auto", elsewhere, 30, () => clock.now);
    let begun = 0;
    expect(drive(pace, clock, 15, () => (begun++ < 40 ? 20 : 200))).toEqual([4, 6, 4]);
  });

  it("stays where half as many workers again gain a seventh, as on processors that are all busy", () => {
    const clock = { now: 0 };
    const pace = createPace("auto", elsewhere, 30, () => clock.now);
    drive(pace, clock, 60, (level) => 200 * (1 + 0.07 * (level - 4)));
    expect(pace.level).toBeLessThanOrEqual(6);
  });

  it("never goes beyond the sessions there are, and gives way where a server has none left", () => {
    const clock = { now: 0 };
    const pace = createPace("auto", elsewhere, 5, () => clock.now);
    drive(pace, clock, 60, (level) => 50 * level);
    expect(pace.level).toBe(5);
    pace.limited(3);
    drive(pace, clock, 60, (level) => 50 * level);
    expect(pace.level).toBe(3);
    const number = createPace(8, elsewhere, 19);
    expect(number.level).toBe(8);
    number.limited(2);
    expect(number.level).toBe(2);
  });

  it("steps back while locks are met", () => {
    const clock = { now: 0 };
    const pace = createPace("auto", elsewhere, 30, () => clock.now);
    for (let n = 0; n < 2000; n++) {
      clock.now += 10;
      if (n % 4 === 0) pace.waited();
      pace.finished();
    }
    expect(pace.level).toBe(1);
  });
});
