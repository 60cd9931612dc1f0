// The main job, from an empty database to every tenant migrated, with the shop beside this file and the embedded database.
// It does what a person would type, with the built command line, in a copy of the shop: .cache/demo.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

const root = join(import.meta.dirname, "..");
const shop = join(root, ".cache", "demo");
const begun = Date.now();

rmSync(shop, { recursive: true, force: true });
mkdirSync(join(root, ".cache"), { recursive: true });
cpSync(join(import.meta.dirname, "shop"), shop, {
  recursive: true,
  filter: (source) =>
    !relative(import.meta.dirname, source)
      .split(/[\\/]/)
      .includes(".tenantry"),
});

say("A shop's platform: its sign-up code has made 25 tenants, each a schema of its own.");
tenantry("sql seed.sql");
say("Their tables come from migrations. All but the newest are run now, on every tenant.");
tenantry("run --to 0019 --yes", { shown: "last line" });

say("Somebody drafts the next migration. What would go wrong with it:");
tenantry("lint drafts/0021_wishlists.sql", { expected: 1 });

say("Another one, 0020, is ready. Where does everyone stand?");
tenantry("status");
say("What would a run do?");
tenantry("plan");
say("So run it, on all tenants.");
tenantry("run --yes");
say("Where does everyone stand now?");
tenantry("status");

const folder = relative(process.cwd(), shop);
say(`Done in ${((Date.now() - begun) / 1000).toFixed(0)} s. The same in VS Code:`);
console.log(`  npm run package                              makes tenantry-….vsix
  code --install-extension tenantry-*.vsix
  code ${folder}

  Then open drafts/0021_wishlists.sql for the squiggles and their fixes, the Tenantry view in the activity bar for
  the tenants, and from the palette (F1): Tenantry: Run on All Tenants.
`);

function say(text) {
  console.log(`\n${process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[22m` : text}`);
}

/** Runs one command line in the shop's folder, and ends the demo where it ends in another way than expected. */
function tenantry(line, { expected = 0, shown = "all" } = {}) {
  console.log(`\n$ tenantry ${line}`);
  const { status, error, stdout } = spawnSync(process.execPath, [join(root, "dist", "cli.js"), ...line.split(" ")], {
    cwd: shop,
    stdio: ["inherit", shown === "all" ? "inherit" : "pipe", "inherit"],
    encoding: "utf8",
  });
  if (shown === "last line") console.log(stdout?.trimEnd().split("\n").at(-1));
  if (error === undefined && status === expected) return;
  console.error(
    `\nThe demo stopped: the command above ended with ${error?.message ?? status}. Was it built (npm run build)?`,
  );
  process.exit(1);
}
