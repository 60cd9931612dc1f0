import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { DidChangeWatchedFilesNotification, FileChangeType } from "vscode-languageserver-protocol/node";
import { edit, paths, text } from "../app/editedFolder";
import { folder } from "../project/folder";
import { type Client, startClient, uriOf } from "./client";

const configuration = "tenantry.json";
const settings = [
  "{}",
  '{ "preset": "strict" }',
  '{ "dialect": "sqlserver", "prototypeSchema": "prototype" }',
  '{ "rules": { "unqualified-table": "off" } }',
  '{ "rules": ',
];
const file = fc.nat(paths.length - 1);
const kind = <K extends string>(name: K) => fc.constant(name);
/** What somebody does in an editor, or another program beside it. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: kind("edit"), edit }) },
  { weight: 2, arbitrary: fc.record({ kind: kind("configure"), typed: fc.constantFrom(...settings) }) },
  fc.record({ kind: kind("open"), file, typed: fc.option(text) }),
  fc.record({ kind: kind("save"), file }),
  fc.record({ kind: kind("close"), file }),
  fc.record({ kind: kind("write"), file, written: text }),
  fc.record({ kind: kind("remove"), file }),
  { weight: 2, arbitrary: fc.record({ kind: kind("rest") }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const doses = fc.sample(fc.tuple(fc.tuple(text, text, text), fc.array(step, { minLength: 20, maxLength: 20 })), {
  seed: 4,
  numRuns: 6,
});

it.each(doses)(
  "what is told after many steps is what a server tells that knows only how they end (%#)",
  async (texts, steps) => {
    const saved = new Map(paths.map((path, index) => [path as string, texts[index] ?? ""]));
    const root = await folder({ [configuration]: "{}", ...Object.fromEntries(saved) });
    const client = await startClient({ folders: [root] });
    const open = new Map<string, string>([[configuration, "{}"]]);
    for (const [path, typed] of saved) open.set(path, typed);
    for (const [path, typed] of open) await client.open(uriOf(root, path), typed);
    const pulled: Promise<unknown>[] = [];
    for (const one of steps) {
      await take(one, { root, client, open, saved });
      for (const path of open.keys()) pulled.push(client.pull(uriOf(root, path)));
    }
    await Promise.all(pulled);
    const fresh = await startClient({ folders: [root] });
    for (const [path, typed] of open) await fresh.open(uriOf(root, path), typed);
    const told = (of: Client) =>
      Promise.all([...open.keys()].map(async (path) => [path, await of.pull(uriOf(root, path))]));
    // What is typed counts for other files when the typing rests.
    await setTimeout(400);
    await vi.waitFor(async () => expect(await told(client)).toEqual(await told(fresh)), { timeout: 10_000 });
  },
);

interface Editor {
  readonly root: string;
  readonly client: Client;
  /** The texts that it holds, by the paths of their files. */
  readonly open: Map<string, string>;
  readonly saved: Map<string, string>;
}

async function take(one: Step, { root, client, open, saved }: Editor): Promise<void> {
  if (one.kind === "rest") return setTimeout(250);
  const path = one.kind === "configure" ? configuration : (paths[one.kind === "edit" ? one.edit.file : one.file] ?? "");
  const uri = uriOf(root, path);
  const before = open.get(path);
  const type = async (now: string) => {
    if (now !== before) await client.change(uri, [{ text: now }]);
    open.set(path, now);
  };
  const write = async (written: string) => {
    await writeFile(join(root, path), written);
    saved.set(path, written);
  };
  const changed = (how: FileChangeType) =>
    client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: [{ uri, type: how }] });
  switch (one.kind) {
    case "configure":
      return type(one.typed);
    case "edit": {
      if (before === undefined) return;
      const { at, removed, put } = one.edit;
      const from = at % (before.length + 1);
      return type(before.slice(0, from) + put + before.slice(from + removed));
    }
    case "open": {
      if (before !== undefined) return;
      const now = one.typed ?? saved.get(path) ?? "";
      open.set(path, now);
      return client.open(uri, now);
    }
    case "save":
      if (before === undefined) return;
      await write(before);
      return client.connection.sendNotification("textDocument/didSave", { textDocument: { uri } });
    case "close":
      if (!open.delete(path)) return;
      return client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    case "write":
      await write(one.written);
      return changed(FileChangeType.Changed);
    case "remove":
      await rm(join(root, path), { force: true });
      saved.delete(path);
      return changed(FileChangeType.Deleted);
  }
}
