import { lockKey, placeholder, raise } from "./reading";

/**
 * `tenantry.provision(tenant)` makes a tenant from the prototype in the caller's transaction, and proves it equal;
 * `tenantry.provision_all(tenants)` does it for several, and asks the catalog once; `tenantry.provision_by(blueprint, …)` does it by
 * what was read before. They run with the rights of whoever calls them.
 */
export const provisionFunction = `create or replace function tenantry.provision_by(blueprint text, tenants text[], prototype text)
returns table (tenant text, version text)
language plpgsql
set search_path = pg_catalog, pg_temp
set check_function_bodies = off
set client_min_messages = warning
set default_tablespace = ''
set extra_float_digits = 1
set jit = off
as $provision$
#variable_conflict use_variable
declare
  database oid := (select d.oid from pg_database d where d.datname = current_database());
  original oid := tenantry.original(prototype);
  copies oid[] := '{}';
  copy oid;
  name text;
  script text;
  problem text;
  run uuid := gen_random_uuid();
  code text;
  details text;
  advice text;
begin
  foreach name in array tenants loop
    if coalesce(name, '') = '' or octet_length(name) > 63 then
      ${raise("name", `'"%s" can''t be a tenant''s name: a schema''s name has 1 to 63 bytes.', name`, "Choose another name.")}
    end if;
    if name in (prototype, 'public', 'tenantry', 'information_schema') or name like 'pg\\_%' then
      ${raise("name", `'"%s" can''t be a tenant''s name: it is that of a schema with another purpose.', name`, "Choose another name.")}
    end if;
    if not pg_try_advisory_xact_lock(hashtextextended('tenantry.provision ' || name, 0)) then
      ${raise("busy", `'Another session is making the tenant "%s" right now.', name`, "Look again in a moment whether it is there.")}
    end if;
    select n.oid into copy from pg_namespace n where n.nspname = name;
    if copy is not null then
      problem := (select 'with ' || pg_describe_object(d.classid, d.objid, 0) || ' in it' from pg_depend d where d.refclassid = 'pg_namespace'::regclass and d.refobjid = copy limit 1);
      if problem is not null or exists (select from tenantry.history h where h.database_id = database and h.schema_id = copy) then
        ${raise("name", `'The schema "%s" is there already, %s.', name, coalesce(problem, 'and has a history')`, "Choose another name, or drop the schema if it is left over.")}
      end if;
    end if;
  end loop;
  -- The shared tables that foreign keys will point at are locked first, and in the order in which a run locks them.
  for script in
    select format('lock table %s in share row exclusive mode', t.id::regclass) from (
      select distinct c.confrelid as id, r.relname from pg_constraint c join pg_class r on r.oid = c.confrelid
      where c.connamespace = original and c.contype = 'f' and r.relnamespace <> original
    ) t where has_table_privilege(t.id, 'UPDATE, DELETE, TRUNCATE') order by t.relname collate "C"
  loop
    execute script;
  end loop;
  blueprint := coalesce(blueprint, tenantry.read_prototype(prototype));

  -- A new schema, and whatever is said of one, makes the server plan all statements anew: all of them first.
  foreach name in array tenants loop
    if not exists (select from pg_namespace n where n.nspname = name) then
      execute format('create schema %I authorization %I', name, (select pg_get_userbyid(n.nspowner) from pg_namespace n where n.oid = original));
    end if;
  end loop;
  script := (select string_agg(s, '; ') from unnest(tenants) u (wanted), tenantry.schema_privileges(original, u.wanted) s);
  if script is not null then
    execute script;
  end if;
  begin
    foreach name in array tenants loop
      select n.oid into copy from pg_namespace n where n.nspname = name;
      copies := copies || copy;
      perform pg_advisory_xact_lock(${lockKey("copy")});
      -- A name that is no plain one stands otherwise in a literal than in an identifier.
      script := case when strpos(blueprint, '${placeholder}') = 0 then blueprint
        when name ~ '^[a-z_][a-z0-9_]*$' then replace(blueprint, '${placeholder}', name)
        else (select string_agg(b.statement, E';\\n' order by b.phase, b.level, b.id) from tenantry.blueprint(original, name) b) end;
      perform set_config('search_path', format('%I, pg_catalog', name), true);
      execute script;
      perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    end loop;
  exception when others then
    -- Without the whole script as its context.
    get stacked diagnostics code = returned_sqlstate, problem = message_text, details = pg_exception_detail, advice = pg_exception_hint;
    raise exception using errcode = code, message = format('The tenant "%s" can''t be made: %s', name, problem), detail = details, hint = advice;
  end;

  problem := (select string_agg(u.object, ', ') from (select distinct u.object from tenantry.unequal(original, copies) u order by u.object limit 5) u);
  if problem is not null then
    ${raise("unequal", `'The copy of "%s" did not become equal to it: %s.', prototype, problem`, "Nothing was made. Objects that were changed in a way that no statement makes again are a cause; please report others.")}
  end if;
  -- Tenants are the schemas that have files of the prototype's history.
  problem := (select string_agg(d.object || ' depends on ' || d.target, '; ') from unnest(copies) c (id), tenantry.dependencies(c.id, null) d
    join pg_namespace s on s.nspname = d.schema
    where s.oid = original or exists (select from tenantry.history h join tenantry.history o on o.database_id = h.database_id and o.kind = h.kind and o.key = h.key
      where h.database_id = database and h.schema_id = s.oid and o.schema_id = original and o.checksum = h.checksum));
  if problem is not null then
    ${raise("unsupported", `'The schema "%s" can''t be copied: %s.', prototype, left(problem, 500)`, "A tenant must lean neither on the prototype nor on another tenant. Change the prototype by a migration.")}
  end if;
  insert into tenantry.history (database_id, schema_id, kind, key, schema_name, name, checksum, run_id, milliseconds)
  select h.database_id, c.id, h.kind, h.key, c.name, h.name, h.checksum, run, 0
  from tenantry.history h, unnest(copies, tenants) as c (id, name) where h.database_id = database and h.schema_id = original order by h.applied_at;
  insert into tenantry.decisions (id, kind, database_id, schema_id, schema_name, reason, host, user_name)
  select run, 'provision', database, c.id, c.name, format('copied from "%s"', prototype), coalesce(host(inet_client_addr()), 'local'), session_user
  from unnest(copies, tenants) as c (id, name);
  return query select c.name, (select h.key::text from tenantry.history h where h.database_id = database and h.schema_id = c.id and h.kind = 'versioned'
    order by string_to_array(h.key, '.')::numeric[] desc limit 1)
  from unnest(copies, tenants) with ordinality as c (id, name, place) order by c.place;
end
$provision$;

create or replace function tenantry.provision_all(tenants text[], prototype text default 'prototype')
returns table (tenant text, version text)
language sql
set search_path = pg_catalog, pg_temp
as $provision$
  select tenant, version from tenantry.provision_by(null, tenants, prototype)
$provision$;

create or replace function tenantry.provision(tenant text, prototype text default 'prototype') returns text
language sql
set search_path = pg_catalog, pg_temp
as $provision$
  select version from tenantry.provision_by(null, array[tenant], prototype)
$provision$;

comment on function tenantry.provision(text, text) is 'Makes a tenant from the prototype in this transaction, and proves it equal; gives the version that it is at.';
comment on function tenantry.provision_all(text[], text) is 'Makes several tenants from the prototype in this transaction, and proves them equal.';`;
