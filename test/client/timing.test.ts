import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { gathered, throttled } from "../../client/src/timing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what comes in quick succession is handed over together, once", () => {
  const handed: (readonly string[])[] = [];
  const take = gathered<string>((items) => handed.push(items), 300);
  take("a");
  vi.advanceTimersByTime(200);
  take("b");
  vi.advanceTimersByTime(299);
  expect(handed).toEqual([]);
  vi.advanceTimersByTime(1);
  take("c");
  vi.advanceTimersByTime(300);
  expect(handed).toEqual([["a", "b"], ["c"]]);
});

test("calls are kept apart by the interval, and the last is never lost", () => {
  let calls = 0;
  const call = throttled(() => {
    calls += 1;
  }, 250);
  call();
  expect(calls).toBe(1);
  call();
  call();
  vi.advanceTimersByTime(249);
  expect(calls).toBe(1);
  vi.advanceTimersByTime(1);
  expect(calls).toBe(2);
  vi.advanceTimersByTime(250);
  call();
  expect(calls).toBe(3);
});
