import type { TableUse } from "../sql/facts";
import { onEveryTable } from "./everyTable";
import { movedHere } from "./moved";
import { definitionsOf, madeAt, spaceOfName } from "./related";
import type { Rule } from "./rule";
import { shown, sideOf } from "./schemas";
import { wholeSchemas } from "./wholeSchemas";

export const publicChangeInTenantMigration: Rule = {
  id: "public-change-in-tenant-migration",
  severity: "error",
  summary: "A tenant migration changes a shared object.",
  looksAt: { facts: ["tables", "objects", "schemas"], kinds: /^EXECUTE\b/ },

  *check(context) {
    if (context.scope !== "tenant") return;
    const { kind, tables, objects } = context.statement.facts;
    for (const name of [...tables, ...objects]) {
      if (name.use === "write" && runsLater.test(kind)) continue;
      // Without a schema it is made where the migration is for, whatever else has its name.
      if (name.use === "create" && name.schema === null) continue;
      const change = changes[name.use];
      const space = spaceOfName(name);
      if (change === undefined || sideOf(name, context, space) !== "public") continue;
      const message = `${shown(name)} is shared by all tenants, and a tenant migration runs once for each of them: it would be ${change} as often. Move this to a public migration.`;
      yield {
        start: name.start,
        end: name.end,
        message,
        ...madeAt(...definitionsOf(name, context, space)),
      };
    }
    yield* wholeSchemas(
      context,
      "public",
      (name) =>
        `${name} is shared by all tenants, and a tenant migration runs once for each of them: it would be changed as often. Move this to a public migration.`,
    );
    yield* movedHere(
      context,
      "public",
      (name) =>
        `${name} would lie in the public schema after this, and a tenant migration runs once for each tenant: the second finds one there. Move this to a public migration.`,
    );
    yield* onEveryTable(
      context,
      "This runs on every table of the database, the shared ones and those of all tenants, and a tenant migration runs once for each tenant. Name the tables of the prototype instead.",
    );
  },
};

const changes: Partial<Record<TableUse, string>> = {
  create: "created",
  alter: "changed",
  drop: "dropped",
  write: "written to",
};

/** What holds statements for later: they write when it is called or fires, not once for each tenant. */
const runsLater = /^(?:CREATE|ALTER) (?:FUNCTION|PROCEDURE|TRIGGER|RULE)$/;
