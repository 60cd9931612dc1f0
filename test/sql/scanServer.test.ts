import { describe, expect, test } from "vitest";
import { foreignKeys, mentions, objects, scan, tables } from "./scanSupport";

describe("tables of SQL Server's statements", () => {
  test.each<[string, string[]]>([
    [
      "select * from [acme].[Orders] o inner join dbo.Lines (nolock) on 1 = 1 cross apply dbo.f(o.id) x outer apply (select 1 from a) y",
      ["read acme.Orders", "read dbo.Lines", "read a"],
    ],
    [
      'select * from srv.db.dbo.t, db..u, "s"."v" with (updlock, index(ix)), #temp, @vars, sys.tables, INFORMATION_SCHEMA.COLUMNS',
      ["read dbo.t", "read u", "read s.v"],
    ],
    [
      "select 1 from a select 2 from b insert c select * from d update e set x = 1 delete f exec g",
      ["read a", "read b", "write c", "read d", "write e", "write f"],
    ],
    ["update o set x = 1 from dbo.Orders as o join Lines l on 1 = 1", ["write dbo.Orders", "read Lines"]],
    [
      "select * from dbo.A a join dbo.B b on a.x = case b.y when 1 then 2 end, dbo.C",
      ["read dbo.A", "read dbo.B", "read dbo.C"],
    ],
    [
      "with c as (select top (1) with ties (select max(x) from dbo.A) from dbo.B) select * from c",
      ["read dbo.A", "read dbo.B"],
    ],
    ["update dbo.A set apply = 1, b = 2 from dbo.A cross apply dbo.f(a) x", ["write dbo.A", "read dbo.A"]],
    ["create index i on dbo.A (a) include (apply, b)", ["alter dbo.A"]],
    [
      "select distinct receive, a.receive from dbo.A a where receive = 1 set nocount on receive * from dbo.Q",
      ["read dbo.A"],
    ],
    [
      "insert into dbo.A (send, receive) select send, receive from dbo.B order by receive",
      ["write dbo.A", "read dbo.B"],
    ],
    ["update dbo.A set receive = 1 from dbo.B where a = 1 and receive = 2", ["write dbo.A", "read dbo.B"]],
    ["delete top (10) o output deleted.id into audit (id) from Orders o where 1 = 1", ["write audit", "write Orders"]],
    ["delete from Orders where 1 = 1; update top (1) Orders set a = 1", ["write Orders", "write Orders"]],
    ["insert into s.t (a) output inserted.a into @x exec s.p", ["write s.t"]],
    ["insert into t (a, b) values (1, 2) select * from u", ["write t", "read u"]],
    [
      ";with a as (select * from a union all select * from b), c (x) as (select 1 from a) update c set y = 1 select * from a",
      ["read b", "read a"],
    ],
    ["with a as (select 1 from t) select case when x then 1 else 2 end from a", ["read t"]],
    [
      "merge top (5) into dbo.t with (holdlock) as t using (select * from s) as s on t.id = s.id when matched then update set a = 1 when not matched by target then insert (a) values (1) when not matched by source then delete output $action, inserted.id into log;",
      ["write dbo.t", "read s", "write log"],
    ],
    ["select * into s.copy from s.orders for xml path('')", ["create s.copy", "read s.orders"]],
    [
      "create table s.t (id int identity primary key, a int constraint fk references s.u (id), b as (a + 1), #c int)",
      ["create s.t", "reference s.u"],
    ],
    [
      "create table t (a int, sysstart datetime2 generated always as row start) with (system_versioning = on (history_table = s.h))",
      ["create t", "alter s.h"],
    ],
    [
      "alter table s.t with nocheck add constraint c foreign key (a) references s.u (b)",
      ["alter s.t", "reference s.u"],
    ],
    [
      "alter table t alter column a int not null alter table u drop constraint x, column y create table v (a int)",
      ["alter t", "alter u", "create v"],
    ],
    ["alter table t switch partition 1 to s.u partition 2", ["alter t", "write s.u"]],
    [
      "alter table t set (system_versioning = on (history_table = s.h)) drop table if exists a, s.b",
      ["alter t", "alter s.h", "drop a", "drop s.b"],
    ],
    [
      "create unique nonclustered index ix on s.t (a desc) include (b) where c is not null with (online = on) on fg",
      ["alter s.t"],
    ],
    [
      "drop index ix on s.t, iy on u drop index s.v.iz drop statistics s.w.st",
      ["alter s.t", "alter u", "alter s.v", "alter s.w"],
    ],
    [
      "create or alter view s.v (a) with schemabinding as with x as (select 1 from t) select * from x",
      ["create s.v", "read t"],
    ],
    [
      "create procedure s.p @a int, @b s.tt readonly with execute as owner as begin set nocount on; select * from t; exec s.q @a end",
      ["read t"],
    ],
    ["create function s.f (@a int) returns table with schemabinding as return (select * from s.t)", ["read s.t"]],
    [
      "create function s.f (@a int) returns @r table (id int) as begin insert into @r select id from t return end",
      ["read t"],
    ],
    [
      "create trigger s.tr on s.t after insert, update not for replication as if update(a) begin insert log select i.id from inserted i join deleted d on 1 = 1 end",
      ["alter s.t", "write log"],
    ],
    ["create trigger tr on database for ddl_table_events as select 1 from t", ["read t"]],
    ["alter schema s transfer dbo.t alter schema s transfer type::dbo.u", ["alter dbo.t"]],
    ["create synonym s.x for other.dbo.t", ["reference dbo.t"]],
    ["create type s.tt as table (id int) create type s.u from nvarchar(10)", []],
    [
      "grant select, insert on s.t to app deny update on object::s.u to app grant execute to app revoke select on schema::s from app",
      ["alter s.t", "alter s.u"],
    ],
    [
      "truncate table s.t update statistics s.u with fullscan bulk insert s.v from 'x'",
      ["write s.t", "alter s.u", "write s.v"],
    ],
    [
      "set identity_insert [s].[t] on insert s.t (a) values (1) set identity_insert s.t off",
      ["alter s.t", "write s.t", "alter s.t"],
    ],
    [
      "if exists (select 1 from a) begin delete from b end else if 1 = 1 update c set x = 1 while 1 = 1 delete d",
      ["read a", "write b", "write c", "write d"],
    ],
    [
      "declare @t table (id int) declare c cursor for select * from t open c fetch next from c into @x select 1 from u order by a offset 1 rows fetch next 5 rows only",
      ["read t", "read u"],
    ],
    [
      "declare @x int = (select max(id) from t) exec sp_executesql N'delete from s.u where a = ''b''', N'@x int', @x",
      ["read t", "write s.u"],
    ],
    ["exec ('insert into a ' + 'select * from b') print 'from c'", ["write a", "read b"]],
    ["select * from t for system_time as of '2020-01-01' as x join u on 1 = 1", ["read t", "read u"]],
    [
      "select * from t pivot (sum(a) for b in ([c], [d])) p, (values (1)) v(x), openjson(@j) with (a int '$.a') j",
      ["read t"],
    ],
    ["select * from containstable(s.t, *, 'x') k, changetable(changes s.u, 0) c", ["read s.t", "read s.u"]],
    ["disable trigger s.tr on s.t enable trigger all on database", ["alter s.t"]],
    ["grant alter on schema::s to x begin tran insert t values (1) commit", ["write t"]],
    ["create table #t (id int) select * from #t join tempdb..#u on 1 = 1", []],
    [
      "insert into t select * from u union all select * from v except select 1 from w",
      ["write t", "read u", "read v", "read w"],
    ],
    [
      "create security policy s.p add filter predicate s.f(a) on s.t, add block predicate s.f(a) on s.u after insert",
      ["alter s.t", "alter s.u"],
    ],
    // Half-typed.
    ["select * from t where (a = 1 create table u (id int", ["read t", "create u"]],
    ["update set a = 1 insert into select delete from where", []],
  ])("%s", (sql, expected) => {
    expect(tables(sql, "sqlserver")).toEqual(expected);
  });
});

test("foreign keys, named or not", () => {
  const sql = `create table [s].[t] (id int, a int foreign key references u (id), b int constraint fk1 references [s].[v] ([x y]) on delete cascade,
    constraint fk2 foreign key (a, b) references dbo.w (c, d), foreign key (a) references x not for replication)
    alter table s.t with nocheck add constraint fk3 foreign key (q) references r (s), z int references y
    alter table s.t check constraint fk3`;
  expect(foreignKeys(sql, "sqlserver")).toEqual([
    "s.t(a) -> u(id)",
    "fk1: s.t(b) -> s.v(x y)",
    "fk2: s.t(a,b) -> dbo.w(c,d)",
    "s.t(a) -> x()",
    "fk3: s.t(q) -> r(s) not valid",
    "s.t(z) -> y() not valid",
  ]);
});

test("names in strings", () => {
  const sql = `if object_id(N'[p].[t]', N'U') is not null drop table p.t
    exec sp_rename N'p.t.a', N'b', N'COLUMN' exec sp_rename @newname = 'x', @objname = '[p].t'
    exec sys.sp_addextendedproperty @name = N'd', @value = N'p.t', @level0type = N'SCHEMA', @level0name = N'p', @level1type = N'TABLE', @level1name = N't'
    exec sp_addextendedproperty N'd', N'v', N'SCHEMA', N'p', N'TABLE', N't'
    if schema_id(N'p') is null exec (N'create schema [p]')
    if exists (select 1 from sys.schemas where name = N'p') or exists (select 1 from sys.objects o join sys.schemas s on 1 = 1 where s.name = 'p' and o.name = 'p')
      select 1 from information_schema.tables where table_schema = 'p' and schema_name(1) = N'p'
    dbcc checkident ('p.t', reseed, 0) select col_length(N'p.t', N'a'), 'p.t'`;
  expect(mentions(sql, "p", "sqlserver")).toEqual([
    ...["[p]", "p", "p", "[p]", "p", "p", "p", "[p]", "p", "p", "p", "p", "p", "p"],
  ]);
});

test("dynamic SQL is told", () => {
  const sql = "exec (@sql) exec sp_executesql @stmt = @sql exec ('a' + @b) declare @x int exec s.p 'a' exec @r = s.q";
  expect(scan(sql, "sqlserver").opaque.map(({ start, end }) => sql.slice(start, end))).toEqual([
    "(@sql)",
    "@sql",
    "('a' + @b)",
  ]);
  expect(objects(sql, "sqlserver")).toEqual(["read function s.p", "read function s.q"]);
});
