// Writes the JSON schema of `tenantry.json`, from which editors complete and explain, out of the schema in the code.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Writes `assets/tenantry.schema.json` where it isn't up to date. */
export async function writeConfigurationSchema() {
  const path = join(root, "assets/tenantry.schema.json");
  const text = await configurationSchemaText();
  if ((await readFile(path, "utf8").catch(() => null)) === text) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** The text that the file should have. */
export async function configurationSchemaText() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { configurationJsonSchema } from "./server/src/project/configurationJsonSchema";
        export { rules } from "./server/src/rules/all";`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  const code = Buffer.from(outputFiles[0].contents).toString("base64");
  const { configurationJsonSchema, rules } = await import(`data:text/javascript;base64,${code}`);
  return withShortLists(`${JSON.stringify(configurationJsonSchema(rules), null, 2)}\n`);
}

/** Lists of plain values on one line where they fit, as the formatter has them. */
function withShortLists(json) {
  return json.replace(/^(.*)\[\n([^[\]{}]*)\](,?)$/gm, (whole, start, items, comma) => {
    const line = `${start}[${items.trim().replace(/\n\s*/g, " ")}]${comma}`;
    return line.length <= 120 ? line : whole;
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await writeConfigurationSchema();
