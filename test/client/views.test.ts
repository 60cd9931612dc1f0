import { describe, expect, test } from "vitest";
import { cohorts, parts } from "../../client/src/cohorts";
import type { FolderView } from "../../client/src/folderView";
import { runState } from "../../client/src/runState";
import { statusText } from "../../client/src/text/statusText";
import { migrationRows } from "../../client/src/views/migrations";
import { type Row, spoken } from "../../client/src/views/row";
import { fileUri, runRows } from "../../client/src/views/runs";
import { tenantRows } from "../../client/src/views/tenants";
import { ended, folderView, planReport, runInfo, tenant } from "./fleet";
import { t } from "./translate";

const noRun = () => undefined;
const outline = (rows: readonly Row[], depth = 0): string[] =>
  rows.flatMap((row) => ["  ".repeat(depth) + spoken(row), ...outline(row.children?.() ?? [], depth + 1)]);
const show = (view: FolderView) => outline(tenantRows([view], noRun, t));

describe("the Tenants view", () => {
  test("shows the connection, the shared schemas, and tenants by where they stand", () => {
    const rows = [
      tenant("acme"),
      tenant("beta", { version: "0002", pending: 1, state: "pending" }),
      tenant("carla", { version: "0002", pending: 1, state: "failed", last: { outcome: "failed", message: "no" } }),
      tenant("delta", { last: { outcome: "applied", message: null } }),
      tenant("echo", { version: null, state: "pending-creation" }),
    ];
    expect(show(folderView(rows))).toEqual([
      "sandbox, embedded in .tenantry/sandbox",
      "public, shared, at 0002, up to date",
      "prototype, at 0003, 1 pending",
      "failed, 1 tenant",
      "  carla, at 0002, 1 pending, failed, last run: failed",
      "at 0003, 2 tenants, up to date",
      "  acme, up to date",
      "  delta, up to date, last run: applied",
      "at 0002, 1 tenant, 1 pending",
      "  beta, 1 pending",
      "schema not created yet, 1 tenant",
      "  echo, no version yet, schema not created yet",
    ]);
  });

  test("gives every row an id of its own", () => {
    const ids = (rows: readonly Row[]): string[] => rows.flatMap((row) => [row.id, ...ids(row.children?.() ?? [])]);
    const all = ids(tenantRows([folderView([tenant("a"), tenant("b", { pending: 1, state: "pending" })])], noRun, t));
    expect(new Set(all).size).toBe(all.length);
  });

  test("shows a problem with its ways out in place of the tenants", () => {
    const message = "Nobody answers at db:5432. Is the server running?";
    const view = folderView([], { status: { ok: false, problem: { kind: "cannot-connect", message } } });
    expect(show(view)).toEqual([
      "sandbox, cannot be used",
      `Cannot connect, ${message}`,
      "  Try Again",
      "  Choose Connection…",
      "  Show Log",
    ]);
  });

  test("shows a mistake in the configuration instead of a connection", () => {
    const view = folderView([]);
    const place = { uri: "file:///shop/tenantry.json", line: 2, character: 4 };
    const problem = { kind: "invalid-configuration", message: "Line 3: …", place } as const;
    expect(show({ ...view, info: { ...view.info, problem } })).toEqual([
      "Mistake in tenantry.json, Line 3: …",
      "  Open File",
      "  Try Again",
    ]);
  });

  test("is empty where nothing is configured, for the welcome text", () => {
    const view = folderView([]);
    expect(show({ ...view, info: { ...view.info, configuration: null, connections: [] } })).toEqual([]);
  });

  test("shows folders first where there are several", () => {
    const view = folderView([tenant("a")]);
    const other = { ...view, info: { ...view.info, folder: "file:///other", name: "other" } };
    expect(tenantRows([view, other], noRun, t).map((row) => row.label)).toEqual(["shop", "other"]);
  });

  test("cuts thousands of tenants into parts, made when they are opened", () => {
    const names = Array.from({ length: 1200 }, (_, index) => tenant(`t${String(index).padStart(4, "0")}`));
    const cohort = tenantRows([folderView(names)], noRun, t).find((row) => row.kind === "cohort");
    expect(cohort?.description).toBe("1,200 tenants, up to date");
    expect(cohort?.children?.().map(spoken)).toEqual([
      "t0000 to t0499, 500 tenants",
      "t0500 to t0999, 500 tenants",
      "t1000 to t1199, 200 tenants",
    ]);
  });

  test("tells what a run that goes on has done so far", () => {
    const run = runState(
      runInfo([
        { event: "plan", run: "r1", ...planReport },
        { event: "stage", stage: 1, scope: "tenant", versions: ["0005"], tenants: 4 },
        ended("acme"),
      ]),
      "prototype",
    );
    const rows = outline(tenantRows([folderView([tenant("acme"), tenant("beta")])], () => run, t));
    expect(rows[0]).toBe("sandbox, Stage 1 of 2: public schema");
    expect(rows).toContain("  acme, up to date, just now: applied");
    expect(rows).toContain("  beta, up to date, waiting");
  });
});

test("cohorts are ordered by what is pending, whatever their versions are called", () => {
  const rows = [
    tenant("old", { version: "10", pending: 2, state: "pending" }),
    tenant("new", { version: "9.1", pending: 0 }),
    tenant("mid", { version: "9", pending: 1, state: "pending" }),
  ];
  expect(cohorts(rows).map((group) => group.version)).toEqual(["9.1", "9", "10"]);
  expect(parts([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
  expect(parts([], 2)).toEqual([[]]);
});

test("the Migrations view shows one history, and how far each has come where that is known", () => {
  const value = [
    { uri: "file:///shop/a.sql", version: "0001", name: "plans", scope: "public", applied: { count: 1, of: 1 } },
    { uri: "file:///shop/b.sql", version: "0002", name: "orders", scope: "tenant", applied: { count: 12, of: 340 } },
    { uri: "file:///shop/R__c.sql", version: null, name: "c", scope: "tenant", applied: null },
  ] as const;
  const view = folderView([], { migrations: { ok: true, value: [...value] } });
  const rows = migrationRows([view], t);
  expect(rows.map(spoken)).toEqual([
    "0001 plans, shared, applied",
    "0002 orders, tenant, 12 of 340 applied",
    "c, tenant",
  ]);
  expect(rows[1]?.migration).toEqual({ folder: "file:///shop", uri: "file:///shop/b.sql", version: "0002" });
});

test("the Migrations view shows nothing as done that is applied nowhere", () => {
  const iconOf = (count: number, of: number) => {
    const migration = {
      uri: "file:///shop/a.sql",
      version: "1",
      name: "a",
      scope: "tenant",
      applied: { count, of },
    } as const;
    const view = folderView([], { migrations: { ok: true, value: [migration] } });
    return migrationRows([view], t)[0]?.icon.id;
  };
  expect([iconOf(0, 0), iconOf(0, 2), iconOf(1, 2), iconOf(2, 2)]).toEqual([
    "circle-large-outline",
    "circle-large-outline",
    "color-mode",
    "pass",
  ]);
});

test("the Migrations view says why there are none where the configuration has a mistake", () => {
  const view = folderView([], { migrations: { ok: true, value: [] } });
  const problem = { kind: "invalid-configuration", message: "Line 3: …" } as const;
  const rows = migrationRows([{ ...view, info: { ...view.info, migrations: 0, problem } }], t);
  expect(outline(rows)).toEqual(["Mistake in tenantry.json, Line 3: …", "  Try Again"]);
});

test("the Runs view shows a run's failures beneath it, and where they happened", () => {
  const error = { code: "42P01", message: "no such table", file: "migrations/tenant/0005 a.sql", line: 3, column: 9 };
  const run = runState(
    runInfo([{ event: "plan", run: "r1", ...planReport }, ended("acme", { outcome: "failed", error })]),
    "prototype",
  );
  const rows = runRows(
    [folderView([])],
    () => [run],
    () => "12:00",
    t,
  );
  expect(outline(rows)).toEqual(["sandbox, 12:00, Connecting…", "  no such table, 1 tenant", "    acme"]);
  expect(rows[0]?.children?.()[0]?.opens).toEqual({ uri: "file:///shop/migrations/tenant/0005%20a.sql", line: 3 });
  expect(fileUri("file:///shop/", "a/b#.sql")).toBe("file:///shop/a/b%23.sql");
});

test("the Runs view shows folders first where it might be of several", () => {
  const view = folderView([]);
  const other = { ...view, info: { ...view.info, folder: "file:///other", name: "other" } };
  const plain = { ...other, info: { ...other.info, configuration: null, connections: [] } };
  const run = runState(runInfo([]), "prototype");
  const show = (...views: FolderView[]) =>
    outline(
      runRows(
        views,
        (folder) => (folder === view.info.folder ? [run] : []),
        () => "12:00",
        t,
      ),
    );
  expect(show(view, plain)).toEqual(["sandbox, 12:00, Connecting…"]);
  expect(show(view, other)).toEqual(["shop", "  sandbox, 12:00, Connecting…"]);
});

test("the Runs view shows a run that was asked to stop as that, and one that failed as failed", () => {
  const counts = { applied: 1, unchanged: 0, failed: 0, cancelled: 1, skipped: 0 };
  const summary = {
    event: "summary",
    run: "r1",
    counts,
    failures: [],
    milliseconds: 1200,
    stopped: "cancelled",
  } as const;
  const stopped = (outcome: "cancelled" | "failed") => {
    const info = runInfo([
      { event: "plan", run: "r1", ...planReport },
      ended("acme"),
      ended("beta", { outcome }),
      summary,
    ]);
    const run = runState({ ...info, live: false }, "prototype");
    return runRows(
      [folderView([])],
      () => [run],
      () => "12:00",
      t,
    )[0];
  };
  expect(stopped("cancelled")?.description).toBe(
    "12:00, Applied on 1 tenant, cancelled on 1 tenant, not begun on 1 in 1.2 s. The run was cancelled.",
  );
  expect(stopped("cancelled")?.icon?.id).toBe("circle-slash");
  expect(stopped("failed")?.icon?.id).toBe("error");
});

describe("the status bar", () => {
  const shown = (view: FolderView, ...others: FolderView[]) =>
    statusText(view, [view, ...others], undefined, t)?.text ?? null;

  test("names its folder where several are configured", () => {
    const view = folderView([tenant("a")]);
    const other = { ...view, info: { ...view.info, folder: "file:///other", name: "other" } };
    const plain = { ...other, info: { ...other.info, configuration: null, connections: [] } };
    const problem = { kind: "invalid-configuration", message: "Line 3: …" } as const;
    expect(shown(view, plain)).toBe("$(database) sandbox: 1 tenant");
    expect(shown(other, view)).toBe("$(database) other, sandbox: 1 tenant");
    expect(shown({ ...other, info: { ...other.info, problem } }, view)).toBe(
      "$(error) other, Mistake in tenantry.json",
    );
  });

  test("counts tenants, and what is failed and pending among them", () => {
    const rows = [
      tenant("a"),
      tenant("b", { pending: 1, state: "failed" }),
      tenant("c", { pending: 2, state: "pending" }),
    ];
    expect(shown(folderView(rows))).toBe("$(database) sandbox: 3 tenants, 1 failed, 2 pending");
    expect(shown(folderView([tenant("a")]))).toBe("$(database) sandbox: 1 tenant");
  });

  test("says nothing where there is no connection", () => {
    const view = folderView([], { status: null });
    expect(shown({ ...view, info: { ...view.info, connections: [] } })).toBeNull();
  });
});
