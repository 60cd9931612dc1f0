import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json";
import strings from "../../package.nls.json";

const root = resolve(import.meta.dirname, "../..");
const folder = join(root, "client/src");
const sources = new Map(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")]),
);
const code = [...sources.values()].join("\n");
const contributes = manifest.contributes;
const commands = contributes.commands.map(({ command }) => command);
const all = (pattern: RegExp, text: string) => [...text.matchAll(pattern)].map((match) => match[1] ?? "");
const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

describe("commands", () => {
  const table = sources.get("commands/table.ts") ?? "";

  test("of the manifest are those of the table", () => {
    expect(sorted(all(/"(tenantry\.\w+)":/g, table))).toEqual(sorted(commands));
  });

  test("that menus, welcome texts, walkthrough and code name are there", () => {
    const menus = Object.values(contributes.menus).flat();
    const named = [
      ...menus.map(({ command }) => command),
      ...all(/command:(tenantry\.\w+)/g, JSON.stringify(strings)),
      ...all(/(?:command: |executeCommand\()"(tenantry\.\w+)"/g, code),
    ];
    expect(sorted(named.filter((id) => !commands.includes(id)))).toEqual([]);
  });

  test("have an icon and a category each", () => {
    for (const { command, icon, category } of contributes.commands) {
      expect([command, category, /^\$\([a-z-]+\)$/.test(icon)]).toEqual([command, "Tenantry", true]);
    }
  });
});

describe("views", () => {
  const views = contributes.views.tenantry.map(({ id }) => id);

  test("of the manifest are those that the code shows", () => {
    expect(sorted(all(/createTreeView\("([\w.]+)"/g, code))).toEqual(sorted(views));
  });

  test("that menus and welcome texts are for are there", () => {
    const conditions = JSON.stringify([contributes.menus, contributes.viewsWelcome]);
    const named = [...all(/view == ([\w.]+)/g, conditions), ...contributes.viewsWelcome.map(({ view }) => view)];
    expect(named.filter((id) => !views.includes(id))).toEqual([]);
  });

  test("choose menus by kinds that rows have", () => {
    const kinds = all(/\| "(\w+)"/g, sources.get("views/row.ts") ?? "");
    const named = all(/viewItem == (\w+)/g, JSON.stringify(contributes.menus));
    expect(named.filter((kind) => !kinds.includes(kind))).toEqual([]);
  });

  test("choose welcome texts by keys that the code sets", () => {
    const keys = all(/"(tenantry\.(?:phase|running|migrationFiles))":/g, code);
    expect(
      sorted(
        all(
          /(tenantry\.(?!tenants|migrations|runs)\w+)(?: ==|"| &&|\])/g,
          JSON.stringify([
            contributes.commands.map((command) => ("enablement" in command ? command.enablement : "")),
            contributes.viewsWelcome.map(({ when }) => when),
          ]),
        ),
      ),
    ).toEqual(sorted(keys).filter((key) => key !== "tenantry.migrationFiles"));
  });
});

describe("settings", () => {
  const settings = Object.keys(contributes.configuration.properties);

  test("that the code reads are in the manifest, and the other way round", () => {
    // The library of the language client reads the trace setting by itself.
    const read = all(/getConfiguration\("tenantry"[^)]*\)\s*\.get\("([\w.]+)"/g, code).map(
      (name) => `tenantry.${name}`,
    );
    expect(sorted([...read, "tenantry.trace.server"])).toEqual(sorted(settings));
  });

  test("that an untrusted workspace can't change are in the manifest", () => {
    for (const name of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations)
      expect(settings).toContain(name);
  });
});

describe("texts", () => {
  test("of the manifest are all there, and none is left over", () => {
    expect(sorted(all(/%([\w.]+)%/g, JSON.stringify(manifest)))).toEqual(sorted(Object.keys(strings)));
  });

  test("of the code are all in the bundle for translators, and none is left over", () => {
    const messages = all(/\bt\(\s*("(?:[^"\\]|\\.)*")/g, code).map((literal) => JSON.parse(literal) as string);
    const expected = Object.fromEntries(sorted(messages).map((message) => [message, message]));
    const file = join(root, "l10n/bundle.l10n.json");
    if (process.env.UPDATE) writeFileSync(file, `${JSON.stringify(expected, null, 2)}\n`);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(expected);
  });
});

test("files that the manifest names are there", () => {
  const named = [
    manifest.icon,
    ...contributes.grammars.map(({ path }) => path),
    ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
    ...contributes.views.tenantry.map(({ icon }) => icon),
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
  ];
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("settings and the palette's commands are those of docs/editors.md", () => {
  const page = readFileSync(join(root, "docs/editors.md"), "utf8");
  const settings = Object.keys(contributes.configuration.properties);
  expect(sorted(all(/^\| `(tenantry\.[\w.]+)` /gm, page))).toEqual(sorted(settings));
  const hidden = contributes.menus.commandPalette
    .filter((entry) => entry.when === "false")
    .map((entry) => entry.command);
  const titles = contributes.commands
    .filter(({ command }) => !hidden.includes(command))
    .map(({ title }) => (strings as Record<string, string>)[title.replaceAll("%", "")] ?? title);
  const rows = page.slice(page.indexOf("## VS Code: commands"), page.indexOf("## Other editors")).split("\n");
  const told = rows
    .filter((row) => row.startsWith("| "))
    .slice(1)
    .flatMap((row) => (row.split("|")[1] ?? "").split("·"));
  expect(sorted(told.map((title) => title.trim()).filter((title) => !/^-*$/.test(title)))).toEqual(sorted(titles));
});
