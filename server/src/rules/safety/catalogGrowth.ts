import { actionsIn } from "../../sql/actions";
import type { Rule } from "../rule";
import { createdObjects } from "../summary";

export const catalogGrowth: Rule = {
  id: "catalog-growth",
  severity: "information",
  summary: "One migration creates very many objects, counted over all tenants.",
  looksAt: { actions: ["create-table", "add-column", "add-constraint", "create-index", "create"] },

  *check(context) {
    const { scope, tenants, earlier, settings, statement, statementText } = context;
    if (scope === "public") return;
    const actions = actionsIn(statementText, statement.facts, settings.dialect);
    const own = actions.reduce((sum, action) => sum + createdObjects(action), 0);
    if (own === 0) return;
    const enough = Math.max(fewest, Math.ceil(many / Math.max(1, tenants ?? assumedTenants)));
    // Told once, at the statement with which there are too many.
    if (earlier.createsAtLeast(enough) || !earlier.createsAtLeast(enough - own)) return;
    const before = earlier.createdCount();
    const times =
      tenants === null
        ? `${before + own} tables, indexes, sequences and views for every tenant`
        : `${before + own} tables, indexes, sequences and views × ${tenants} tenants = ${(before + own) * tenants}`;
    const message = `Up to here this migration creates ${times}. The server's catalogs, its caches in every connection, backups and upgrades grow with their number. Share what is the same for all tenants, and leave out indexes that small tables don't need.`;
    yield { ...statement.facts.keyword, message };
  },
};

/** So many new objects in one migration are felt, on any server. */
const many = 50_000;
/** Fewer than these are no matter of one migration, however many tenants there are. */
const fewest = 20;
/** Where nothing tells how many tenants there are. */
const assumedTenants = 1_000;
