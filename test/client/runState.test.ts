import { describe, expect, test } from "vitest";
import { advance, isWaiting, runState } from "../../client/src/runState";
import { failuresText, isSuccess, progressShare, progressText, summaryText } from "../../client/src/text/runText";
import type { RunEvent } from "../../server/src/protocol";
import { ended, planReport, runInfo } from "./fleet";
import { t } from "./translate";

const plan: RunEvent = { event: "plan", run: "r1", ...planReport };
const publicStage: RunEvent = { event: "stage", stage: 0, scope: "public", versions: ["0004"], tenants: 1 };
const tenantStage: RunEvent = { event: "stage", stage: 1, scope: "tenant", versions: ["0005"], tenants: 4 };
const publicDone = ended("public", { scope: "public", versions: ["0004"] });
const failure = {
  code: "42P01",
  message: "no such table",
  file: "migrations/tenant/0005_orders.sql",
  line: 3,
  column: 9,
};
const counts = { applied: 0, unchanged: 0, failed: 0, cancelled: 0, skipped: 0 };
const summary: RunEvent = { event: "summary", run: "r1", counts, failures: [], milliseconds: 1200, stopped: null };

describe("a run's progress", () => {
  test("is told by stage, and counted within it", () => {
    const state = runState(runInfo([]), "prototype");
    expect(progressText(state, t)).toBe("Connecting…");
    advance(state, 0, [plan, publicStage]);
    expect(progressText(state, t)).toBe("Stage 1 of 2: public schema");
    advance(state, 2, [publicDone, tenantStage, ended("prototype"), ended("acme")]);
    expect(progressText(state, t)).toBe("Stage 2 of 2: 1 of 3 tenants");
    expect(progressShare(state)).toBeCloseTo((1 + 4 / 3) / 5);
    advance(state, 6, [ended("beta", { outcome: "failed", error: failure })]);
    expect(progressText(state, t)).toBe("Stage 2 of 2: 2 of 3 tenants, 1 failed");
  });

  test("counts no event twice that a late window was told before", () => {
    const events = [plan, publicStage, publicDone, tenantStage, ended("prototype"), ended("acme")];
    const state = runState(runInfo(events), "prototype");
    advance(state, 4, [ended("prototype"), ended("acme"), ended("beta")]);
    expect(progressText(state, t)).toBe("Stage 2 of 2: 2 of 3 tenants");
  });

  test("doesn't count whom a run that stops has never begun, or has taken back", () => {
    const state = runState(runInfo([plan, publicStage, publicDone, tenantStage, ended("acme")]), "prototype");
    advance(state, 5, [ended("beta", { outcome: "cancelled" }), ended("gamma", { outcome: "skipped" })]);
    expect(progressText(state, t)).toBe("Stage 2 of 2: 1 of 3 tenants");
  });

  test("knows who still waits", () => {
    const state = runState(runInfo([plan, publicStage, publicDone, tenantStage, ended("acme")]), "prototype");
    expect(isWaiting(state, "acme")).toBe(false);
    expect(isWaiting(state, "beta")).toBe(true);
    expect(isWaiting(state, "stranger")).toBe(false);
    state.live = false;
    expect(isWaiting(state, "beta")).toBe(false);
  });
});

describe("a run's end", () => {
  const all = ["prototype", "acme", "beta", "gamma"].map((name) => ended(name));

  test("counts tenants without the prototype", () => {
    const state = runState(runInfo([plan, publicStage, publicDone, tenantStage, ...all, summary]), "prototype");
    expect(summaryText(state, t)).toBe("sandbox: Applied on 3 tenants in 1.2 s.");
    expect(isSuccess(state)).toBe(true);
  });

  test("names failures and those that were not begun", () => {
    const failed = ended("acme", { outcome: "failed", error: failure });
    const stopped: RunEvent = { ...summary, stopped: "failures" };
    const state = runState(runInfo([plan, tenantStage, ended("prototype"), failed, stopped]), "prototype");
    expect(summaryText(state, t)).toBe(
      "sandbox: failed on 1 tenant, not begun on 2 in 1.2 s. The run stopped because of the failures.",
    );
    expect(isSuccess(state)).toBe(false);
  });

  test("names the prototype where it fails, which is no tenant", () => {
    const failed = ended("prototype", { outcome: "failed", error: failure });
    const state = runState(runInfo([plan, tenantStage, failed, { ...summary, stopped: "failures" }]), "prototype");
    expect(summaryText(state, t)).toContain("sandbox: failed on prototype, not begun on 3 in 1.2 s.");
  });

  test("without a summary is the problem's", () => {
    const state = runState(
      {
        ...runInfo([]),
        live: false,
        problem: { kind: "held", message: "Another process has it." },
      },
      "prototype",
    );
    expect(summaryText(state, t)).toBe("Another process has it.");
    expect(isSuccess(state)).toBe(false);
  });

  test("puts equal failures together, with their place in the file", () => {
    const events = ["acme", "gamma"].map((name) => ended(name, { outcome: "failed", error: failure }));
    const state = runState(runInfo([plan, tenantStage, ...events]), "prototype");
    expect(failuresText(state, "12:00", t)).toContain(
      "2 tenants: no such table [42P01]\n    migrations/tenant/0005_orders.sql:3:9\n    acme, gamma\n",
    );
  });
});
