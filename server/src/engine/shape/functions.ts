import { catalogReader } from "../catalogReader";
import { dependenciesFunction } from "./dependenciesFunction";
import { constraints, indexes, memberships, policies, triggersAndRules } from "./dependents";
import { inSchemas } from "./inSchemas";
import { others, othersFunction } from "./others";
import { columns, relations } from "./relations";
import { routines } from "./routines";
import { schemaItself } from "./schemaItself";
import { types } from "./types";

/**
 * The function that tells what is in schemas, one row for each object. Whatever the server writes as SQL is written while the
 * schema is the first of the search path: what is its own stands without a schema, and all else with one. The query is planned
 * once for a session; it finds everything through indexes, so that a schema costs the same however many there are.
 */
export const shapeFunctions = `${othersFunction}

create or replace function tenantry.shape(schemas oid[])
returns table (schema_id oid, kind text, parent text, name text, definition json)
${catalogReader}
as $shape$
#variable_conflict use_column
begin
  if current_setting('server_version_num')::integer < 150000 then
    raise exception using errcode = '0A000', message = 'Schemas can be compared and copied on PostgreSQL 15 and newer.';
  end if;
  return query
  select n.oid, item.kind, item.parent, item.name, item.definition
  ${inSchemas("schemas", [schemaItself, types, routines, relations, columns, constraints, indexes, triggersAndRules, policies, memberships, others])};
end
$shape$;

create or replace function tenantry.shape_hashes(schemas oid[])
returns table (schema_id oid, hash text)
language sql
set search_path = pg_catalog, pg_temp
as $hashes$
  select s.schema_id, encode(sha256(convert_to(string_agg(s.row, chr(10) order by s.row collate "C"), 'UTF8')), 'hex')
  from (select schema_id, concat_ws(chr(9), kind, coalesce(parent, ''), name, definition::text) as row from tenantry.shape(schemas)) s
  group by s.schema_id
$hashes$;

create or replace function tenantry.texts(of_schema oid)
returns table (name text, body text, settings text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $texts$
begin
  return query select format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
    case when p.prosqlbody is null then p.prosrc end, array_to_string(p.proconfig, chr(10))
  from (select set_config('search_path', quote_ident(n.nspname) || ', pg_catalog', true) as set, n.oid from pg_namespace n where n.oid = of_schema offset 0) path
  join pg_proc p on p.pronamespace = path.oid and path.set is not null;
end
$texts$;
${dependenciesFunction}`;
