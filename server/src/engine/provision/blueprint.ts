import { catalogReader } from "../catalogReader";
import { additions, behaviour } from "./additions";
import { objectStatements, sequences } from "./objects";
import { aliases, edges, levels } from "./order";
import { comments, named, owners, privileges } from "./possession";
import { hasRare } from "./rareObjects";
import { routineStatements } from "./routines";
import { columnDefinitions, constraintClauses, option, tableStatements } from "./tables";

/**
 * The function that writes the statements which make a schema's objects once more, in an order in which each finds what it needs.
 * The server writes them while the schema is the first of the search path, so that its own names stand without a schema: run
 * with another schema as the first, the same statements make the same objects there. Only what keeps a schema's name as text is
 * told the target's.
 */
export const blueprintFunction = `
create or replace function tenantry.blueprint(of_schema oid, for_schema text)
returns table (phase integer, level integer, id bigint, statement text)
${catalogReader}
as $blueprint$
#variable_conflict use_column
begin
  return query
  with recursive path as materialized (
    select n.oid as id, n.nspname::text as name, for_schema as target,
      '"' || replace(for_schema, '"', '""') || '"' as quoted, set_config('search_path', quote_ident(n.nspname) || ', pg_catalog', true) as set
    from pg_namespace n where n.oid = of_schema
  ), own as materialized (
    select d.classid, d.objid from path join pg_depend d on d.refclassid = 'pg_namespace'::regclass and d.refobjid = path.id and d.deptype = 'n' and path.set is not null
    where not exists (select from pg_depend e where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e')
  ), rel as materialized (
    select c.*, quote_ident(c.relname) as label, (select string_agg(${option("o")}, ', ') from unnest(c.reloptions) o) as options,
      c.relkind in ('r', 'f') and not c.relispartition and exists (select from pg_inherits i where i.inhrelid = c.oid)
        and (exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attislocal and not a.attisdropped)
          or exists (select from pg_constraint k where k.conrelid = c.oid and k.contype in ('c', 'n') and not k.conislocal)) as inherits
    from own join pg_class c on c.oid = own.objid where own.classid = 'pg_class'::regclass
  ), seq as materialized (${sequences}
  ), col as materialized (${columnDefinitions}
  ), con as materialized (${constraintClauses}
  ), idx as materialized (
    select i.*, (select c.oid from pg_constraint c where c.conrelid = i.indrelid and c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x')) as own_constraint
    from rel join pg_index i on i.indrelid = rel.oid where rel.relkind in ('r', 'p', 'm')
  ), rare as materialized (
    select r.* from path, tenantry.rare_objects(path.id, path.target) r where ${hasRare}
  ), object (classid, id, statement) as materialized (${tableStatements}
    union all select rare.classid, rare.id, rare.statement from rare where rare.phase = 10 and rare.statement is not null
    union all ${objectStatements}
    union all ${routineStatements}
  ), alias as materialized (${aliases}
  ), edge as materialized (${edges}
  ), level (classid, id, depth) as (${levels}
  ), place as materialized (
    select l.classid, l.id, max(l.depth) as depth from level l group by l.classid, l.id
  ), named as materialized (${named}
  ), defaults as materialized (
    select d.defaclobjtype, d.defaclacl from pg_default_acl d join pg_roles r on r.oid = d.defaclrole where d.defaclnamespace = 0 and r.rolname = current_user
  ), granting as materialized (
    select n.*, n.granted || ' ' || regexp_replace(n.name, '\\(\\*\\)$', '()') as target from named n
    where n.granted is not null and (n.acl is not null or exists (select from defaults d where d.defaclobjtype = n.default_kind))
  )
  select all_statements.phase, all_statements.level, all_statements.id::bigint, all_statements.statement from (
  select 10, p.depth, o.id, o.statement from object o join place p on p.classid = o.classid and p.id = o.id
  union all select rare.phase, 0, rare.id, rare.statement from rare where rare.phase <> 10
  union all ${additions}
  union all ${behaviour}
  union all ${comments}
  union all ${owners}
  union all ${privileges}
  union all
  select 80, p.depth, rel.oid, 'refresh materialized view ' || rel.label from rel join place p on p.classid = 'pg_class'::regclass and p.id = rel.oid
  where rel.relkind = 'm' and rel.relispopulated
  ) all_statements (phase, level, id, statement);
end
$blueprint$;`;
