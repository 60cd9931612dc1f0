import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { expect, it, onTestFinished, vi } from "vitest";
import { beginJournal } from "../../server/src/lsp/journal";
import { createRuns } from "../../server/src/lsp/runs";
import { folder } from "../project/folder";

it("a run that has ended unseen doesn't go on where another process has its number, which no cancelling reaches", async () => {
  const state = await folder();
  for (const name of ["XDG_STATE_HOME", "LOCALAPPDATA"]) vi.stubEnv(name, state);
  onTestFinished(() => void vi.unstubAllEnvs());
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  onTestFinished(() => void other.kill("SIGKILL"));
  await once(other, "spawn");
  const head = { run: "ended", folder: "file:///shop", connection: "here", startedAt: "2026-01-01T00:00:00.000Z" };
  const files = beginJournal(head);
  const summary = { event: "summary", run: "ended", stopped: null, milliseconds: 1, failures: [] };
  // A machine that went down has left the first line.
  writeFileSync(files.events, `\0\0\n${JSON.stringify(summary)}\n`);
  writeFileSync(files.pid, String(other.pid));

  const runs = createRuns(() => {});
  expect(await runs.list(head.folder)).toMatchObject([{ run: "ended", live: false, problem: null }]);
  expect(runs.cancel("ended")).toBe(false);
});
