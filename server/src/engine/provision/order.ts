/** Which statement makes an object that the server knows under another name: a table's row type, a type's array, a view's rule. */
export const aliases = `
select o.classid, o.id as objid, o.classid as node_class, o.id as node from object o
union all
select 'pg_class'::regclass, t.typrelid, o.classid, o.id from object o join pg_type t on t.oid = o.id where o.classid = 'pg_type'::regclass and t.typrelid <> 0
union all
select 'pg_type'::regclass, t.typarray, o.classid, o.id from object o join pg_type t on t.oid = o.id where o.classid = 'pg_type'::regclass and t.typarray <> 0
union all
select 'pg_type'::regclass, unnest(array[t.oid, t.typarray]), 'pg_class'::regclass, rel.oid from rel join pg_type t on t.oid = rel.reltype
union all
select 'pg_type'::regclass, unnest(array[t.oid, t.typarray]), o.classid, o.id from object o join pg_range r on r.rngtypid = o.id join pg_type t on t.oid = r.rngmultitypid
where o.classid = 'pg_type'::regclass
union all
select d.classid, d.objid, o.classid, o.id from object o join pg_depend d on d.refclassid = o.classid and d.refobjid = o.id
where o.classid = 'pg_type'::regclass and d.classid = 'pg_proc'::regclass and d.deptype = 'i'
union all
select d.classid, d.objid, rare.classid, rare.id from rare join pg_depend d on d.refclassid = rare.classid and d.refobjid = rare.id and d.classid in ('pg_amop'::regclass, 'pg_amproc'::regclass)
where rare.phase = 10 and (rare.classid = 'pg_opclass'::regclass and d.deptype = 'i' or rare.classid = 'pg_opfamily'::regclass and d.deptype = 'a')
union all
select 'pg_constraint'::regclass, c.oid, 'pg_class'::regclass, c.conrelid from con c where c.inline
union all
select 'pg_class'::regclass, i.indexrelid, 'pg_class'::regclass, i.indrelid from idx i join con c on c.oid = i.own_constraint where c.inline
union all
select 'pg_constraint'::regclass, c.oid, o.classid, o.id from object o join pg_constraint c on c.contypid = o.id where o.classid = 'pg_type'::regclass and c.convalidated
union all
select 'pg_attrdef'::regclass, d.oid, 'pg_class'::regclass, c.attrelid from col c join pg_attrdef d on d.adrelid = c.attrelid and d.adnum = c.attnum where not c.late
union all
select 'pg_rewrite'::regclass, r.oid, 'pg_class'::regclass, rel.oid from rel join pg_rewrite r on r.ev_class = rel.oid where r.rulename = '_RETURN'`;

/**
 * Who needs whom, as the server keeps account of it. That a sequence goes with its column says nothing of who is first, and a type
 * that has its name already comes after its own functions. What the server finds by a type alone is there before relations use that type.
 */
export const edges = `
select distinct a.node_class as from_class, a.node as from_node, b.node_class as to_class, b.node as to_node
from alias a join pg_depend d on d.classid = a.classid and d.objid = a.objid
join alias b on b.classid = d.refclassid and b.objid = d.refobjid
where (a.node_class, a.node) <> (b.node_class, b.node)
  and not (d.deptype in ('a', 'i') and exists (select from seq where seq.seqrelid = a.node))
  and not (a.node_class = 'pg_proc'::regclass and b.node_class = 'pg_type'::regclass and exists (select from rare where rare.phase = 9 and rare.id = b.node)
    and exists (select from pg_depend t where t.classid = b.node_class and t.objid = b.node and t.refclassid = a.node_class and t.refobjid = a.node))
union
select a.node_class, a.node, rare.classid, rare.id
from rare join pg_depend t on t.classid = rare.classid and t.objid = rare.id and t.refclassid = 'pg_type'::regclass
join pg_depend d on d.refclassid = t.refclassid and d.refobjid = t.refobjid join alias a on a.classid = d.classid and a.objid = d.objid
where rare.classid in ('pg_opclass'::regclass, 'pg_cast'::regclass) and rare.phase = 10 and a.node_class = 'pg_class'::regclass`;

/** What nobody's need brings to an end goes round in a circle. */
export const circular = 100;

export const levels = `
select o.classid, o.id, 0 from object o
union
select e.from_class, e.from_node, l.depth + 1 from level l join edge e on e.to_class = l.classid and e.to_node = l.id where l.depth < ${circular}`;
