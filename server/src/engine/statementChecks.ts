import type { Migration } from "../model/migration";
import type { Settings } from "../model/settings";
import type { AnalysedStatement, ObjectKind, ObjectReference, StatementFacts } from "../sql/facts";

/** Why the runner can't send a statement, at an offset into the file. */
export interface StatementRefusal {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
}

/** What no server could run as the runner sends it, whatever the rules are set to. */
export function refuseStatement(
  migration: Migration,
  statement: AnalysedStatement,
  settings: Settings,
): StatementRefusal | null {
  const text = migration.text.slice(statement.start, statement.end);
  const { facts } = statement;
  const offset = statement.start + facts.keyword.start;
  if (transactionKinds.has(facts.kind) && !/^\s*rollback\s+(?:work\s+|transaction\s+)?to\b/i.test(text)) {
    const message = migration.transactional
      ? `${facts.kind} would end or begin the transaction that the runner keeps for each tenant: remove it, or write \`-- tenantry: no-transaction\` at the top of a file whose statements must run outside one.`
      : `${facts.kind} would begin or end a transaction around statements that the runner sends one by one, each noted when it is done: remove it, each is a transaction of its own.`;
    return { code: "transaction-control", message, offset };
  }
  if (/^discard\s+all\b/i.test(text.slice(facts.keyword.start))) {
    const message =
      "DISCARD ALL would give up the lock on the schema and the settings that the runner keeps for it: remove it. What a migration leaves in its session is gone before the next tenant's begins.";
    return { code: "session-control", message, offset };
  }
  if (facts.kind === "COPY" && /\bfrom\s+stdin\b/i.test(text)) {
    const message = "COPY … FROM STDIN takes its rows from a client such as psql: write them as INSERT.";
    return { code: "client-only-statement", message, offset };
  }
  if (!migration.transactional && migration.scope === "tenant") {
    const table = facts.tables.find(({ schema }) => schema === null);
    const bare = table ?? facts.objects.find((object) => isChangedAlone(object, facts, settings));
    if (bare !== undefined) {
      const code = table === undefined ? "unqualified-object" : "unqualified-table";
      const message = `Outside a transaction no search_path can be relied on, and "${bare.name}" would be looked for in another schema: write "${settings.prototypeSchema}.${bare.name}" or "${settings.publicSchema}.${bare.name}".`;
      return { code, message, offset: statement.start + bare.start };
    }
  }
  return null;
}

/** Whether a statement makes, changes or drops something that it names without a schema, where the name may have one. */
function isChangedAlone({ schema, kind, use }: ObjectReference, facts: StatementFacts, { dialect }: Settings): boolean {
  if (schema !== null || !inSchemas.has(kind) || use === "read" || use === "reference") return false;
  // On SQL Server an index is named beside its table.
  if (kind === "index") return use !== "create" && dialect === "postgresql";
  // That of an identity is made where its table is.
  return use !== "create" || kind !== "sequence" || !/\bTABLE$/.test(facts.kind);
}

const inSchemas: ReadonlySet<ObjectKind> = new Set(["type", "function", "sequence", "index", "relation", "other"]);

const transactionKinds = new Set([
  "BEGIN",
  "START TRANSACTION",
  "COMMIT",
  "ROLLBACK",
  "END",
  "ABORT",
  "PREPARE TRANSACTION",
  "COMMIT PREPARED",
  "ROLLBACK PREPARED",
]);
