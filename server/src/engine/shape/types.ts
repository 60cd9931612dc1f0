import { functionName, operatorClassName } from "./names";
import { comment, privileges } from "./parts";

/** Types that aren't those of a table's rows. */
export const types = `
select case t.typtype when 'e' then 'enum type' when 'd' then 'domain' when 'c' then 'composite type' when 'r' then 'range type' when 'p' then 'shell type' else 'base type' end,
  null::text, quote_ident(t.typname),
  json_build_object(
    'values', case when t.typtype = 'e' then (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) end,
    'type', case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end,
    'collation', case when t.typtype = 'd' and t.typcollation <> (select b.typcollation from pg_type b where b.oid = t.typbasetype)
      then t.typcollation::regcollation::text end,
    'not null', case when t.typtype = 'd' and t.typnotnull then 'yes' end,
    'default', case when t.typtype = 'd' then coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) end,
    'columns', case when t.typtype = 'c' then (select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
      from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) end,
    'range', (select concat_ws(', ', format_type(r.rngsubtype, null), ${operatorClassName("r.rngsubopc", "n.oid")},
        nullif(r.rngcollation, 0)::regcollation::text, ${functionName("nullif(r.rngcanonical::oid, 0)", "n.oid")}, ${functionName("nullif(r.rngsubdiff::oid, 0)", "n.oid")},
        format_type(r.rngmultitypid, null)) from pg_range r where r.rngtypid = t.oid),
    'definition', case when t.typtype = 'b' then tenantry.base_type_statement(t.oid) end,
    'owner', pg_get_userbyid(t.typowner),
    'privileges', ${privileges("t.typacl", `'T'::"char"`, "t.typowner")},
    'comment', ${comment("pg_type", "t.oid")}
  )
from own join pg_type t on t.oid = own.objid
where own.classid = 'pg_type'::regclass and t.typtype <> 'm'`;
