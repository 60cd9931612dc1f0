import { lockClass } from "../advisoryLocks";
import { guardCodes } from "../guards";
import { circular } from "./order";

/** The errors that provisioning raises by itself. */
export const provisionCodes = {
  /** The tenant or the prototype is being worked on; try again. */
  busy: guardCodes.busy,
  /** The name can't be a tenant's, or is taken. */
  name: "TN010",
  /** The prototype isn't there, has no history, or is in the middle of a file. */
  prototype: "TN011",
  /** Something in the prototype can't be copied. */
  unsupported: "TN012",
  /** The copy is not what it should be. */
  unequal: "TN013",
} as const;

/** Stands for the tenant's name in statements that are written once for many tenants. */
export const placeholder = "tenantry_5c0d1e_target";

/** What is asked before anything is read or made: gives the prototype's OID. */
export const originalFunction = `
create or replace function tenantry.original(prototype text) returns oid
language plpgsql
set search_path = pg_catalog, pg_temp
as $original$
declare
  original oid := (select n.oid from pg_namespace n where n.nspname = prototype);
  database oid := (select d.oid from pg_database d where d.datname = current_database());
  broken_off text;
begin
  if current_setting('server_version_num')::integer < 150000 then
    raise exception using errcode = '0A000', message = 'Schemas can be compared and copied on PostgreSQL 15 and newer.';
  end if;
  if original is null then
    ${raise("prototype", `'There is no schema "%s" to copy.', prototype`, "Name the prototype as the second argument, or make it by running the migrations on it.")}
  end if;
  if not pg_try_advisory_xact_lock_shared(${lockKey("original")}) then
    ${raise("busy", `'The schema "%s" is being migrated right now.', prototype`, "Try again in a moment.")}
  end if;
  if not exists (select from tenantry.history h where h.database_id = database and h.schema_id = original) then
    ${raise("prototype", `'The schema "%s" has no history in this database, so nobody knows at which version a copy of it is.', prototype`, "Run the migrations on it first (tenantry run), or adopt it as it is (tenantry baseline).")}
  end if;
  select c.key into broken_off from tenantry.claims c where c.database_id = database and c.schema_id = original order by c.key limit 1;
  if found then
    ${raise("prototype", `'The schema "%s" is in the middle of the migration %s, which is no transaction.', prototype, broken_off`, "Run the migrations on it to the end first (tenantry run). Where that one has no file any more, look at what it has left half done, and delete its row from tenantry.claims.")}
  end if;
  return original;
end
$original$;`;

/**
 * `tenantry.read_prototype(prototype)` gives the statements that make the prototype's objects once more, for any tenant. They may be
 * kept and used many times: who makes tenants by them proves each equal to the prototype as it is then.
 */
export const readFunction = `
create or replace function tenantry.read_prototype(prototype text) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
set default_tablespace = ''
set extra_float_digits = 1
set jit = off
as $read$
declare
  original oid := tenantry.original(prototype);
  blueprint text;
  problem text := (select string_agg(u, '; ') from (select u from tenantry.uncopyable(original) u limit 3) first_ones);
begin
  if problem is not null then
    ${raise("unsupported", `'The schema "%s" can''t be copied: %s.', prototype, problem`, "Change the prototype by a migration, and try again.")}
  end if;
  select coalesce(string_agg(b.statement, E';\\n' order by b.phase, b.level, b.id), ''), max(b.id::text) filter (where b.phase = 10 and b.level >= ${circular})
  into blueprint, problem from tenantry.blueprint(original, '${placeholder}') b;
  if problem is not null then
    ${raise("unsupported", `'The schema "%s" can''t be copied: some of its objects need each other in a circle.', prototype`, "Take one of the dependencies out by a migration.")}
  end if;
  return blueprint;
end
$read$;`;

export function lockKey(id: string): string {
  return `((${lockClass}::bigint << 32) | ${id}::bigint)`;
}

/** @param message the arguments of \`format\` */
export function raise(code: keyof typeof provisionCodes, message: string, hint: string): string {
  return `raise exception using errcode = '${provisionCodes[code]}', message = format(${message}), hint = '${hint}';`;
}
