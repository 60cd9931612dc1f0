import type { Settings } from "../model/settings";
import { quoteLiteral } from "../sql/quote";
import { namesQuery, type TenantSource } from "./tenants";
import { shownTimeSql } from "./text";

/**
 * The one message that reads the state of every tenant, as one row with one JSON text in `state`. Schemas with equal histories
 * share a cohort, so that what is sent grows with the number of tenants and not with tenants times migrations. Lists are sent as
 * they stand and joined by who asked, for which the server would take several times as long. What lies in a schema is looked up with
 * `limit`, without which all of pg_depend would be read at once, for the sake of one schema or of all. Compiling it would take the server
 * longer than to work it out: what it costs is estimated by the number of tenants, and more often than not too high.
 * The type of the names is told without quotes, which a role may have set for all identifiers.
 * @param installed the version of the schema `tenantry`, 0 where there is none: planning makes nothing
 */
export function stateQuery(settings: Settings, source: TenantSource | null, installed: number): string {
  const { history, outcomes, runs, decisions, version, ownNumber } = tablesOf(installed);
  const publicSchema = quoteLiteral(settings.publicSchema, settings.dialect);
  const prototypeSchema = quoteLiteral(settings.prototypeSchema, settings.dialect);
  return `set local jit = off; set local quote_all_identifiers = off;
with listed as materialized (
  select coalesce(array_agg(q.tenant::text collate "C"), '{}') as names, case when count(*) > 0 then pg_typeof((array_agg(q.tenant))[1])::text end as type
  from (${namesQuery(source, settings)}
  ) as q (tenant)
), here as (
  select oid as id, datname as name from pg_database where datname = current_database()
), origin as (
  select case when exists (select from ${history} h where h.database_id = here.id) then here.id
    else coalesce((select h.database_id from ${history} h order by h.applied_at desc limit 1), here.id) end as id
  from here
), moved as (
  select origin.id <> here.id as yes, ${ownNumber} = to_regnamespace('tenantry')::oid as keeps_numbers from origin, here
), copied as (
  select moved.yes or not coalesce(moved.keeps_numbers, true) and exists (select from ${history} h) as yes,
    coalesce(moved.keeps_numbers, not moved.yes) as keeps_numbers
  from moved
), histories as materialized (
  select h.schema_id, ${mixOfRows("h")} as total, max(h.applied_at) as applied_at,
    case when min(h.schema_name collate "C") = max(h.schema_name collate "C") then min(h.schema_name collate "C")
      else (select l.schema_name from ${history} l where l.database_id = (select id from origin) and l.schema_id = h.schema_id
        order by l.applied_at desc limit 1) end as schema_name
  from ${history} h where h.database_id = (select id from origin) group by h.schema_id
), newest as (
  select distinct on (schema_name) * from histories order by schema_name, applied_at desc
), placed as (
  select a.schema_id, a.schema_id as origin_id, a.total, a.applied_at, a.schema_name from histories a where (select keeps_numbers from copied)
  union all
  select n.oid, a.schema_id, a.total, a.applied_at, a.schema_name from newest a join pg_namespace n on n.nspname = a.schema_name where not (select keeps_numbers from copied)
), cohorts as (
  select min(origin_id::bigint)::oid as example_id, to_json(array_agg(schema_id::bigint)) as schemas from placed group by total
), failures as (
  select distinct on (o.schema_id) o.schema_id, o.finished_at,
    json_build_object('code', o.code, 'message', o.message, 'file', o.file, 'line', o.line, 'column', o."column") as failure
  from ${outcomes} o where o.outcome = 'failed' and (select keeps_numbers from copied) order by o.schema_id, o.finished_at desc
), skips as (
  select distinct on (coalesce(n.nspname, d.schema_name)) coalesce(n.nspname, d.schema_name) as name,
    json_build_object('reason', d.reason, 'user', d.user_name, 'at', ${shownTimeSql("d.decided_at")}) as skip
  from ${decisions} d left join pg_namespace n on n.oid = d.schema_id and (select keeps_numbers from copied)
  where d.kind = 'skip' and d.undone_at is null and d.database_id = (select id from origin)
  order by coalesce(n.nspname, d.schema_name), d.decided_at desc
)
select json_build_object(
  'installed', ${version},
  'hasClaims', to_regclass('tenantry.claims') is not null,
  'database', (select json_build_object('id', id::bigint, 'name', name) from here),
  'readOnly', pg_is_in_recovery() or current_setting('transaction_read_only')::boolean,
  'role', current_user,
  'mayInstall', has_database_privilege(current_database(), 'CREATE'),
  'unwritable', (
    select coalesce(json_agg(r.name order by r.name), '[]')
    from (select name, to_regclass('tenantry.' || name) as id from unnest(array['history', 'runs', 'outcomes', 'claims', 'decisions']) as name) r
    where not (has_table_privilege(r.id, 'INSERT') and has_table_privilege(r.id, 'UPDATE') and has_table_privilege(r.id, 'DELETE'))
  ),
  'copiedFrom', (select origin.id::bigint from origin, copied where copied.yes),
  'keepsNumbers', (select keeps_numbers from copied),
  'searchPath', to_json(current_schemas(false)),
  'lockCapacity', current_setting('max_locks_per_transaction')::bigint
    * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint),
  'newestSchemas', (
    select coalesce(json_agg(json_build_array(h.key, r.newest_schema::bigint)), '[]')
    from ${history} h join ${runs} r on r.id = h.run_id
    where (select keeps_numbers from copied) and h.database_id = (select id from origin) and h.schema_id = (select oid from pg_namespace where nspname = ${publicSchema}) and h.kind = 'versioned'
  ),
  'type', (select type from listed),
  'listed', (select to_json(names) from listed),
  'schemas', (select json_build_object('names', array_agg(nspname), 'ids', array_agg(oid::bigint)) from pg_namespace),
  'moved', (
    select coalesce(json_agg(json_build_array(a.schema_id::bigint, a.schema_name, n.oid is null)), '[]')
    from placed a left join pg_namespace n on n.oid = a.schema_id where n.nspname is distinct from a.schema_name::name
  ),
  'occupied', (
    select coalesce(json_agg(n.oid::bigint), '[]')
    from (select oid, nspname::text collate "C" as name from pg_namespace where oid not in (select schema_id from placed) offset 0) n
    where (n.name = ${prototypeSchema} or n.name in (select unnest(names) from listed))
      and case when n.name <> ${publicSchema} then (select true from pg_depend d
        where d.refclassid = 'pg_namespace'::regclass and d.refobjid = n.oid and d.classid = 'pg_class'::regclass limit 1) end
  ),
  'failures', (
    select coalesce(json_agg(json_build_array(f.schema_id::bigint, f.failure)), '[]')
    from failures f left join placed a on a.schema_id = f.schema_id where f.finished_at > coalesce(a.applied_at, '-infinity')
  ),
  'skips', (select coalesce(json_agg(json_build_array(name, skip)), '[]') from skips),
  'cohorts', (
    select coalesce(json_agg(json_build_object('schemas', c.schemas, 'rows', (
      select json_agg(json_build_array(h.kind, h.key, h.checksum) order by h.applied_at)
      from ${history} h where h.database_id = (select id from origin) and h.schema_id = c.example_id
    ))), '[]') from cohorts c
  )
)::text as state`;
}

/** The tables of the records, each of them empty where the installation has none yet. */
function tablesOf(installed: number) {
  const since = (version: number, name: string, columns: string) =>
    installed >= version ? `tenantry.${name}` : `(select ${columns} where false)`;
  return {
    history: since(
      1,
      "history",
      `null::oid as database_id, null::oid as schema_id, ''::text as kind, ''::text as key, ''::text as schema_name,
    ''::text as checksum, null::uuid as run_id, null::timestamptz as applied_at`,
    ),
    outcomes: since(
      1,
      "outcomes",
      `null::oid as schema_id, null::timestamptz as finished_at, ''::text as outcome, ''::text as code, ''::text as message,
    ''::text as file, 0 as line, 0 as "column"`,
    ),
    runs: since(1, "runs", "null::uuid as id, null::oid as newest_schema"),
    decisions: since(
      2,
      "decisions",
      `''::text as kind, null::oid as database_id, null::oid as schema_id, ''::text as schema_name, ''::text as reason,
    ''::text as user_name, null::timestamptz as decided_at, null::timestamptz as undone_at`,
    ),
    version: installed === 0 ? "0" : "(select version from tenantry.installation)",
    ownNumber:
      installed >= 10 ? "(select tenantry_records.schema_id from tenantry.installation tenantry_records)" : "null",
  };
}

/** Equal for equal histories, in whatever order their rows are read: tens of thousands need no sorting. What a run rests on is the fingerprint, which it checks. */
function mixOfRows(rows: string): string {
  return `bit_xor(hashtextextended(${rows}.checksum, hashtextextended(${rows}.key, length(${rows}.kind))))`;
}
