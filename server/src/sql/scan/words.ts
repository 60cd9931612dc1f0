import type { Dialect } from "../dialect";

/** Whether a bare word can't be the name of a table in this dialect, so that text which lacks the name isn't misread. */
export function isReserved(word: string, dialect: Dialect): boolean {
  return (dialect === "postgresql" ? postgresReserved : sqlServerReserved).has(word);
}

/** Words that begin a statement of SQL Server wherever they stand outside parentheses: statements there need no separator. */
export function startsSqlServerStatement(word: string): boolean {
  return sqlServerStarts.has(word);
}

/** Whether a type's unqualified name is the server's own. */
export function isBuiltInType(name: string, dialect: Dialect): boolean {
  if (dialect === "sqlserver") return sqlServerTypes.has(name.toLowerCase());
  return builtInTypes.has(name) || (name.startsWith("_") && builtInTypes.has(name.slice(1)));
}

/** Whether a word followed by `(` in PostgreSQL is grammar or a type's length, and so no call of a function. */
export function isNoFunction(word: string): boolean {
  return postgresReserved.has(word) || builtInTypes.has(word) || grammarCalls.has(word);
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}

const postgresReserved = wordSet(`
  all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog
  current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except
  false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp
  not null offset on only or order placing primary references returning select session_user some symmetric system_user table
  then to trailing true union unique user using variadic when where window with
  authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like natural
  notnull outer overlaps right similar tablesample verbose`);

const sqlServerReserved = wordSet(`
  add all alter and any as asc authorization backup begin between break browse bulk by cascade case check checkpoint close
  clustered coalesce collate column commit compute constraint contains containstable continue convert create cross current
  current_date current_time current_timestamp current_user cursor database dbcc deallocate declare default delete deny desc
  distinct distributed double drop else end errlvl escape except exec execute exists exit external fetch file fillfactor for
  foreign freetext freetexttable from full function goto grant group having holdlock identity identity_insert identitycol if in
  index inner insert intersect into is join key kill left like lineno load merge national nocheck nonclustered not null nullif
  of off offsets on open opendatasource openquery openrowset openxml option or order outer over percent pivot plan primary
  print proc procedure public raiserror read readtext reconfigure references replication restore restrict return revert revoke
  right rollback rowcount rowguidcol rule save schema select session_user set setuser shutdown some statistics system_user
  table tablesample textsize then to top tran transaction trigger truncate try_convert tsequal union unique unpivot update
  updatetext use user values varying view waitfor when where while with writetext`);

const sqlServerStarts = wordSet(`
  alter backup begin break bulk checkpoint close commit continue create dbcc deallocate declare delete deny drop end else exec
  execute fetch goto grant if insert kill merge open print raiserror readtext receive reconfigure restore return revert revoke rollback save
  select shutdown truncate update updatetext use waitfor while writetext`);

const sqlServerTypes = wordSet(`
  bigint binary bit char character cursor date datetime datetime2 datetimeoffset dec decimal double float geography geometry
  hierarchyid image int integer json money national nchar ntext numeric nvarchar precision real rowversion smalldatetime smallint
  smallmoney sql_variant sysname table text time timestamp tinyint uniqueidentifier varbinary varchar varying vector xml`);

const builtInTypes = wordSet(`
  aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray anycompatiblerange anyelement
  anyenum anymultirange anynonarray anyrange bigint bigserial bit bool boolean box bpchar bytea char character cid cidr circle
  cstring date daterange datemultirange dec decimal double event_trigger fdw_handler float float4 float8 gtsvector inet
  index_am_handler int int2 int2vector int4 int4multirange int4range int8 int8multirange int8range integer internal interval
  json jsonb jsonpath language_handler line lseg macaddr macaddr8 money name national nchar numeric nummultirange numrange oid
  oidvector path pg_ddl_command pg_lsn pg_node_tree pg_snapshot point polygon real record refcursor regclass regcollation
  regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype serial serial2 serial4 serial8
  setof smallint smallserial table table_am_handler text tid time timestamp timestamptz timetz trigger tsm_handler tsmultirange tsquery tsrange
  tstzmultirange tstzrange tsvector txid_snapshot unknown uuid varbit varchar varying void xid xid8 xml`);

const grammarCalls = wordSet(`
  as and by cube exists extract filter grouping greatest least coalesce nullif if in into key materialized normalize not
  operator out inout over overlay partition partitions percent position precision rollup row rows set sets substring treat trim
  values variadic when while within xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlparse xmlpi xmlroot xmlserialize
  xmltable json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table
  json_value json returns return returning columns include inherits using like conflict range list hash merge_action elsif
  loop raise perform assert zone without distinct enum identity options repeatable insert`);
