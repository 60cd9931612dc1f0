// A real VS Code with the packaged extension, driven through its window as a person would.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { installEditor } from "./install.mjs";

/** Where the pictures go that a person should look at. */
export const screenshots = resolve(import.meta.dirname, "../../.cache/screenshots");

// Settings that keep VS Code's own greetings and look-ups out of the way.
const settings = {
  "workbench.startupEditor": "none",
  "telemetry.telemetryLevel": "off",
  // VS Code in a browser saves by itself otherwise, which its desktop builds do not.
  "files.autoSave": "off",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "workbench.enableExperiments": false,
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "git.enabled": false,
  "files.simpleDialog.enable": true,
};

/**
 * Installs `vsix` into a fresh VS Code, opens `folder`, or the folders of a workspace's file, and lends the window to `use`.
 * @param options.trusted false leaves the folder in restricted mode, as VS Code does with a folder it doesn't know.
 * @param options.installed is given the extension's folder before VS Code starts
 */
export async function withEditor({ vsix, folder, trusted = true, installed = () => {} }, use) {
  const { node, serverMain, chromium: executablePath } = installEditor();
  const root = mkdtempSync(join(tmpdir(), "tenantry-e2e-"));
  const of = (name) => {
    const path = join(root, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  for (const level of ["Machine", "User"])
    writeFileSync(
      join(of(`data/data/${level}`), "settings.json"),
      JSON.stringify({ ...settings, "security.workspace.trust.startupPrompt": "never" }),
    );
  const env = { ...process.env, HOME: of("home"), EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
  const dirs = ["--accept-server-license-terms", "--telemetry-level", "off"];
  dirs.push("--server-data-dir", of("data"), "--extensions-dir", of("extensions"));
  execFileSync(node, [serverMain, ...dirs, "--install-extension", vsix], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const extension = readdirSync(of("extensions")).find((name) => name.startsWith("tenantry."));
  installed(join(of("extensions"), extension));

  const port = await freePort();
  const log = openSync(join(root, "server.log"), "w");
  const trust = trusted ? ["--disable-workspace-trust"] : [];
  const listen = ["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"];
  const server = spawn(node, [serverMain, ...listen, ...trust, ...dirs], { env, stdio: ["ignore", log, log] });
  let context;
  try {
    await ready(`http://127.0.0.1:${port}/version`);
    context = await chromium.launchPersistentContext(of("chromium"), {
      executablePath,
      headless: true,
      viewport: { width: 1440, height: 900 },
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"].concat([
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ]),
    });
    const page = context.pages()[0];
    const opened = folder.endsWith(".code-workspace") ? "workspace" : "folder";
    await page.goto(`http://127.0.0.1:${port}/?${opened}=${encodeURIComponent(folder)}`);
    await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 60_000 });
    await use(new Window(page));
  } catch (fault) {
    await context?.pages()[0]?.screenshot({ path: join(of("."), "fault.png") });
    mkdirSync(screenshots, { recursive: true });
    cpSync(join(root, "fault.png"), join(screenshots, "fault.png"), { force: true });
    throw fault;
  } finally {
    await context?.close();
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    await ended;
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The few gestures that the tests are made of. */
class Window {
  constructor(page) {
    this.page = page;
    this.quickInput = page.locator(".quick-input-widget .quick-input-box input");
  }

  async screenshot(name) {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  async openFile(name) {
    await this.page.keyboard.press("Control+P");
    await this.quickInput.waitFor();
    await this.quickInput.fill(name);
    await this.choose(name);
    await this.page.locator(".tabs-container .tab", { hasText: name }).waitFor();
  }

  async runCommand(title) {
    await this.page.keyboard.press("F1");
    await this.quickInput.waitFor();
    await this.quickInput.fill(`>${title}`);
    await this.choose(title);
  }

  async choose(text) {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
    await row.waitFor();
    await row.click();
  }

  /** Puts the caret behind `before`, which a line of the open editor begins with. */
  async caretBehind(before) {
    await this.page.keyboard.press("Escape");
    await this.line(before).first().click();
    await this.page.keyboard.press("Home");
    for (let n = 0; n < before.length; n++) await this.page.keyboard.press("ArrowRight");
  }

  /** Opens the menu of quick fixes, again where the editor was still busy, and gives the one of that title. */
  async quickFix(title) {
    const action = this.page.locator(".action-widget .monaco-list-row", { hasText: title }).first();
    for (let tries = 0; tries < 6; tries++) {
      await this.page.keyboard.press("Control+.");
      const isThere = await action.waitFor({ timeout: 10_000 }).then(
        () => true,
        () => false,
      );
      if (isThere) return action;
      await this.page.keyboard.press("Escape");
    }
    throw new Error(`The editor offers no quick fix "${title}".`);
  }

  /** Lines of the editor that hold `text`. VS Code shows spaces as no-break spaces. */
  line(text) {
    const pattern = new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "[ \u00a0]"));
    return this.page.locator(".monaco-editor .view-line", { hasText: pattern });
  }

  treeItem(name) {
    return this.page.locator(".part.sidebar").getByRole("treeitem", { name });
  }

  notification(text) {
    return this.page.locator(".notifications-toasts .notification-list-item", { hasText: text });
  }

  dialog(text) {
    return this.page.locator(".monaco-dialog-box", { hasText: text });
  }
}

function freePort() {
  return new Promise((found) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}

async function ready(url) {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`VS Code did not answer at ${url} within 30 seconds.`);
}
