import { type Database, DatabaseError } from "../db/database";
import type { Settings } from "../model/settings";
import { quoteLiteral } from "../sql/quote";
import { TenantsError } from "./errors";
import { fewNames } from "./text";

/** Where the tenants' names come from, in the order in which tenants are run. */
export type TenantSource =
  | { readonly query: string }
  /** `*` for any characters, `?` for one. */
  | { readonly pattern: string }
  | { readonly list: readonly string[] };

/** A name that can't be a tenant's: given twice, no name at all, or that of a schema with another purpose. */
export interface InvalidTenant {
  readonly name: string | null;
  readonly reason: "null" | "duplicate" | "public" | "prototype" | "tenantry" | "system" | "role";
}

/** A query whose first column is `tenant`, and whose rows are the names in their order. */
export function namesQuery(source: TenantSource | null, settings: Settings): string {
  if (source === null) return "select null::text as tenant where false";
  if ("query" in source) return userQuery(source.query);
  if ("list" in source) {
    const names = quoteLiteral(JSON.stringify(source.list), settings.dialect);
    return `select name as tenant from json_array_elements_text(${names}::json) with ordinality as names (name, place) order by place`;
  }
  const reserved = [settings.publicSchema, settings.prototypeSchema, "tenantry", "information_schema", roleName];
  const literals = reserved.map((name) => quoteLiteral(name, settings.dialect)).join(", ");
  return `select nspname::text as tenant from pg_namespace
    where nspname like ${quoteLiteral(likePattern(source.pattern), settings.dialect)} escape '!'
      and nspname not in (${literals}) and nspname not like 'pg!_%' escape '!' order by nspname collate "C"`;
}

/** Divides listed names into those that can be tenants', in their order, and those that can't; of equal names the first is kept. */
export function judgeNames(
  names: readonly (string | null)[],
  settings: Settings,
): { valid: ReadonlySet<string>; invalid: InvalidTenant[] } {
  const valid = new Set<string>();
  const invalid: InvalidTenant[] = [];
  const reserved = reservedNames(settings);
  for (const name of names) {
    if (name === null || name === "") {
      invalid.push({ name, reason: "null" });
      continue;
    }
    const reason = name.startsWith("pg_") ? "system" : reserved.get(name);
    const known = valid.size;
    if (reason === undefined) valid.add(name);
    if (valid.size === known) invalid.push({ name, reason: reason ?? "duplicate" });
  }
  return { valid, invalid };
}

/** Says which names can't be a tenant's, and why. @param among what they are among, such as `listed tenants` */
export function invalidMessage(among: string, invalid: readonly InvalidTenant[]): string {
  return `Among the ${among} are some that can't be a tenant's: ${fewNames(invalid.map(invalidText))}.`;
}

function invalidText({ name, reason }: InvalidTenant): string {
  if (name === null) return "NULL";
  if (name === "") return "the empty text";
  return reason === "duplicate" ? `"${name}" (more than once)` : `"${name}" (${reservedText[reason]})`;
}

const reservedText: Record<Exclude<InvalidTenant["reason"], "duplicate">, string> = {
  null: "no name",
  public: "the public schema",
  prototype: "the prototype",
  tenantry: "Tenantry's own records",
  system: "a schema of PostgreSQL's own",
  role: "in a search_path the name of whoever is connected, even in quotes",
};

/** No schema of this name can be made the current one. */
const roleName = "$user";

/**
 * Tells whether it is the configured query that fails, after a statement that contained it did.
 * @throws TenantsError where it is
 */
export async function checkTenantsQuery(database: Database, source: TenantSource | null): Promise<void> {
  if (source === null || !("query" in source)) return;
  try {
    await database.session((session) =>
      session.query(`select tenant from (${userQuery(source.query)}\n) as q (tenant)`),
    );
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.kind === "connection") throw error;
    throw new TenantsError(
      `The tenants query fails: ${error.message}. It must be one SELECT whose first column holds the schemas' names: ${source.query.trim()}`,
      { cause: error },
    );
  }
}

/** @throws TenantsError where the query's first column isn't text */
export function checkType(type: string): void {
  if (textTypes.has(type)) return;
  throw new TenantsError(
    `The tenants query gives values of type ${type}; its first column must hold the schemas' names, as text.`,
  );
}

const textTypes = new Set(["text", "character varying", "character", "name", "citext", "unknown"]);

/** A `;` at the end would close the query in which this one is placed. */
function userQuery(query: string): string {
  return query.replace(/[\s;]+$/, "");
}

function likePattern(glob: string): string {
  return glob.replace(/[!%_]/g, "!$&").replaceAll("*", "%").replaceAll("?", "_");
}

/** What each name is taken by; of several purposes the last. */
function reservedNames({ publicSchema, prototypeSchema }: Settings): ReadonlyMap<string, InvalidTenant["reason"]> {
  return new Map([
    ["information_schema", "system"],
    ["tenantry", "tenantry"],
    [roleName, "role"],
    [prototypeSchema, "prototype"],
    [publicSchema, "public"],
  ]);
}
