import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Format } from "../model/formats";
import { detectFormat } from "./create";
import { writeNewFile } from "./files";
import { detectFolders, isFolder, numberedFolders } from "./folders";
import { configurationFile, loadProject } from "./load";
import type { Project } from "./project";
import { ProjectError } from "./projectError";

/** What `tenantry init` found in a folder, and the files and folders that it made, relative to it. */
export interface Initialised {
  readonly written: readonly string[];
  readonly found: {
    /** Folders with migrations, relative to the root, or null where there are none. */
    readonly public: string | null;
    readonly tenant: string | null;
    readonly format: Format;
    readonly migrations: number;
  };
  /** Folders that are read by no setting, with how many files in them are named as migrations are. */
  readonly unread: readonly { readonly folder: string; readonly files: number }[];
}

/** Writes a `tenantry.json` and the folders that it names. Never overwrites. @throws ProjectError where the folder has one already */
export async function initProject(root: string): Promise<Initialised> {
  if (!(await isFolder(root))) throw new ProjectError(`There is no folder ${root}. Make it first.`);
  const { project } = await loadProject(root, { trusted: true });
  if (project === null || project.configurationPath !== null) {
    throw new ProjectError(`${join(root, configurationFile)} is already there. Edit it, or remove it to begin anew.`);
  }
  const detected = await detectFolders(root);
  const numbered = await numberedFolders(root);
  const [only] = numbered.size === 1 ? numbered.keys() : [];
  const isElsewhere = detected.public === null && detected.tenant === null && only !== undefined;
  const found = isElsewhere ? { public: null, tenant: only } : detected;
  const { migrations } = project.configuration;
  const folders = { public: migrations.public, tenant: found.tenant ?? migrations.tenant };
  const written: string[] = [];
  await writeNewFile(join(root, configurationFile), configurationText(project, folders));
  written.push(configurationFile);
  for (const folder of new Set([folders.public, folders.tenant])) {
    if (await isFolder(join(root, folder))) continue;
    await mkdir(join(root, folder), { recursive: true });
    written.push(`${folder}/`);
  }
  if (!(await isFolder(join(root, sandbox)))) {
    await writeNewFile(
      join(root, sandbox, ".gitignore"),
      "# The sandbox database of this folder; nobody else needs it.\n*\n",
    );
    written.push(`${sandbox}/.gitignore`);
  }
  const read = (await loadProject(root, { trusted: true })).project ?? project;
  const isRead = (folder: string) => [folders.public, folders.tenant].some((one) => `${folder}/`.startsWith(`${one}/`));
  return {
    written,
    found: { ...found, format: detectFormat(read.migrations), migrations: read.migrations.length },
    unread: [...numbered].filter(([folder]) => !isRead(folder)).map(([folder, files]) => ({ folder, files })),
  };
}

const sandbox = ".tenantry";

function configurationText(
  { root, configuration: { publicSchema, prototypeSchema } }: Project,
  migrations: { readonly public: string; readonly tenant: string },
): string {
  const quote = (text: string) => JSON.stringify(text);
  return `// How Tenantry reads and runs the migrations of ${basename(root)}. No secrets here: \${env:NAME} is filled from the environment or .env.
{
  "dialect": "postgresql",
  // Migrations in "public" run once; those in "tenant" run in every tenant's schema. Both share one order, by version.
  "migrations": { "public": ${quote(migrations.public)}, "tenant": ${quote(migrations.tenant)} },
  // The schema of the tables that all tenants share.
  "publicSchema": ${quote(publicSchema)},
  // Tenant migrations are written against this schema; for each tenant its own schema takes this one's place.
  "prototypeSchema": ${quote(prototypeSchema)},
  // Which schemas are tenants: a query, or { "list": ["acme", "globex"] }, or a pattern as here.
  // "tenants": { "query": "select schema_name from public.tenants order by 1" },
  "tenants": { "pattern": "tenant_*" },
  "connections": {
    // A PostgreSQL inside Tenantry, kept in this folder: no server needed.
    "sandbox": { "url": "embedded:.tenantry/sandbox" }
    // "production": { "url": "\${env:DATABASE_URL}", "protected": true }
  },
  "defaultConnection": "sandbox"
}
`;
}
