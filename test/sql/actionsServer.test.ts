import { expect, test } from "vitest";
import { told } from "./actionsSupport";

const table = "s.t";

test.each<[string, unknown[]]>([
  [
    "ALTER TABLE s.t ADD a int NULL CONSTRAINT df DEFAULT (0) WITH VALUES, b AS (a + 1) PERSISTED, CONSTRAINT fk FOREIGN KEY (a) REFERENCES s.u (x), c int REFERENCES v",
    [
      {
        kind: "add-column",
        table,
        column: { name: "a", type: "int", default: { text: "(0)" }, withValues: true },
        at: "a",
      },
      { kind: "add-column", table, column: { name: "b", generated: "stored" }, at: "b" },
      {
        kind: "add-constraint",
        table,
        constraint: { kind: "foreign-key", name: "fk", columns: ["a"], target: "s.u", targetColumns: ["x"] },
        at: "fk",
      },
      {
        kind: "add-column",
        table,
        column: { name: "c", type: "int", constraints: [{ kind: "foreign-key", columns: ["c"], target: "v" }] },
        at: "c",
      },
    ],
  ],
  [
    "ALTER TABLE s.t WITH NOCHECK ADD FOREIGN KEY (a, b) REFERENCES u, CONSTRAINT ck CHECK NOT FOR REPLICATION (a > 0)",
    [
      {
        kind: "add-constraint",
        table,
        constraint: { kind: "foreign-key", columns: ["a", "b"], target: "u", notValid: true },
        at: "FOREIGN KEY",
      },
      {
        kind: "add-constraint",
        table,
        constraint: { kind: "check", name: "ck", expression: { text: "(a > 0)" }, notValid: true },
        at: "ck",
      },
    ],
  ],
  [
    "ALTER TABLE s.t ADD PERIOD FOR SYSTEM_TIME (v, w), v datetime2 GENERATED ALWAYS AS ROW START HIDDEN NOT NULL DEFAULT SYSUTCDATETIME(), w datetime2 GENERATED ALWAYS AS ROW END NOT NULL CONSTRAINT d DEFAULT '9999-12-31'",
    [
      { kind: "alter-table", table, what: "add period", at: "PERIOD" },
      {
        kind: "add-column",
        table,
        column: { name: "v", type: "datetime2", default: { text: "SYSUTCDATETIME()" }, notNull: {} },
        at: "v",
      },
      {
        kind: "add-column",
        table,
        column: { name: "w", type: "datetime2", default: { text: "'9999-12-31'" }, notNull: {} },
        at: "w",
      },
    ],
  ],
  [
    "ALTER TABLE s.t ADD INDEX ix UNIQUE NONCLUSTERED (a) WITH (ONLINE = ON), b int",
    [
      { kind: "create-index", table, name: "ix", unique: true, concurrently: true, at: "ix" },
      { kind: "add-column", table, column: { name: "b", type: "int" }, at: "b" },
    ],
  ],
  [
    "ALTER TABLE s.t DROP CONSTRAINT IF EXISTS a, b, COLUMN IF EXISTS c, d",
    [
      { kind: "drop-constraint", constraint: "a", table, at: "a" },
      { kind: "drop-constraint", constraint: "b", table, at: "b" },
      { kind: "drop-column", column: "c", table, at: "c" },
      { kind: "drop-column", column: "d", table, at: "d" },
    ],
  ],
  ["ALTER TABLE s.t DROP PERIOD FOR SYSTEM_TIME", [{ kind: "alter-table", table, what: "drop period", at: "PERIOD" }]],
  ["ALTER TABLE s.t CHECK CONSTRAINT fk", [{ kind: "alter-table", table, what: "check constraint", at: "CHECK" }]],
  [
    "ALTER TABLE s.t WITH CHECK CHECK CONSTRAINT fk, ck",
    [
      { kind: "validate-constraint", table, constraint: "fk", at: "fk" },
      { kind: "validate-constraint", table, constraint: "ck", at: "ck" },
    ],
  ],
  [
    "ALTER TABLE s.t ADD a AS CASE WHEN b = 1 THEN 2 ELSE 3 END PERSISTED, c int",
    [
      { kind: "add-column", table, column: { name: "a", generated: "stored" }, at: "a" },
      { kind: "add-column", table, column: { name: "c", type: "int" }, at: "c" },
    ],
  ],
  [
    "UPDATE s.t SET a = CASE WHEN b = 1 THEN CASE c WHEN 1 THEN 2 END ELSE 3 END, d = 1 WHERE e = 1 DELETE s.u",
    [
      { kind: "update", table, hasWhere: true, columns: ["a", "d"], at: "UPDATE" },
      { kind: "delete", table: "s.u", at: "DELETE" },
    ],
  ],
  [
    "IF 1 = 1 BEGIN UPDATE s.t SET a = 1 END ELSE BEGIN DELETE s.u WHERE b = CASE 1 WHEN 1 THEN 2 END END",
    [
      { kind: "update", table, columns: ["a"], at: "UPDATE" },
      { kind: "delete", table: "s.u", hasWhere: true, at: "DELETE" },
    ],
  ],
  [
    "DROP INDEX ix ON s.t, s.u.iy WITH (ONLINE = ON)",
    [
      { kind: "drop-index", index: "ix", table, at: "ix" },
      { kind: "drop-index", index: "iy", table: "s.u", concurrently: true, at: "iy" },
    ],
  ],
  [
    "IF 1 = 1 EXEC('ALTER TABLE s.t ' + 'DROP COLUMN a DROP TABLE s.u') ELSE EXEC sp_executesql N'DELETE s.t WHERE a = @a', N'@a int', 1",
    [
      { kind: "drop-column", table, column: "a", at: "a" },
      { kind: "drop", object: "table", name: "s.u", at: "u" },
      { kind: "delete", table, hasWhere: true, at: "DELETE" },
    ],
  ],
  [
    "EXEC sys.sp_executesql @stmt = N'EXEC(''TRUNCATE TABLE s.t'')' EXEC('DROP TABLE ' + @a) EXEC dbo.p 'DROP TABLE s.t'",
    [{ kind: "truncate", table, at: "t" }],
  ],
  [
    "WITH a AS (SELECT * FROM s.t), [b c] (x) AS (SELECT x FROM a) UPDATE [b c] SET x = 1",
    [{ kind: "update", table, hasWhere: true, columns: ["x"], at: "UPDATE" }],
  ],
  [
    "WITH d AS (SELECT * FROM (SELECT * FROM s.t WITH (NOLOCK)) q) DELETE r FROM d AS r",
    [{ kind: "delete", table, hasWhere: true, at: "DELETE" }],
  ],
  [
    "UPDATE x SET a = 1 FROM (SELECT * FROM s.t) x",
    [{ kind: "update", table, joins: true, columns: ["a"], at: "UPDATE" }],
  ],
  ["WITH d AS (SELECT * FROM d) DELETE d", [{ kind: "delete", table: "d", hasWhere: true, at: "DELETE" }]],
  ["sp_rename 's.t', 'u'", [{ kind: "rename", object: "table", name: table, to: "u", at: "'s.t'" }]],
])("SQL Server: %s", async (sql, expected) => {
  expect(await told(sql, "sqlserver")).toEqual(expected);
});

test("SQL Server: a half-typed ALTER TABLE is read as far as it goes", async () => {
  const sql = "ALTER TABLE s.t ADD a int NOT NULL, CONSTRAINT fk FOREIGN KEY (a) REFERENCES s.u (x), b AS CASE WHEN";
  for (let end = 0; end <= sql.length; end++) {
    const actions = (await told(sql.slice(0, end), "sqlserver")) as { kind: string }[];
    if (end > 24) expect(actions[0]).toMatchObject({ kind: "add-column", table });
  }
});

test("SQL Server: of statements with nothing between them each is told", async () => {
  const sql = `IF @a = CASE WHEN 1 = 1 THEN 2 ELSE 3 END BEGIN DROP TABLE s.a END
    EXEC ('DROP TABLE s.b') DBCC TRACEON (1)
    ALTER TABLE s.c ADD a datetime2 GENERATED ALWAYS AS ROW END HIDDEN NOT NULL DISABLE TRIGGER tr ON s.c
    INSERT INTO s.d EXEC s.p SET @x = (SELECT 1 FROM s.e)
    WITH c AS (SELECT 1 a FROM s.f) DELETE c WITH d AS (SELECT 1 a FROM s.g) UPDATE d SET @a = a = 1
    OPEN c FETCH NEXT FROM c INTO @a SET IDENTITY_INSERT s.h ON DROP TABLE s.h`;
  const actions = (await told(sql, "sqlserver")) as { kind: string }[];
  expect(actions.map(({ kind }) => kind)).toEqual(["drop", "drop", "add-column", "insert", "delete", "update", "drop"]);
});
