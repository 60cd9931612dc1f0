import { clientOnlyStatement } from "./clientOnlyStatement";
import { databaseWideStatement } from "./databaseWideStatement";
import { dynamicSql } from "./dynamicSql";
import { duplicateVersion, invalidConfig, invalidMigration, unknownDirective, unusedIgnore } from "./fileRules";
import { hardCodedTenant } from "./hardCodedTenant";
import { identifierTooLong } from "./identifierTooLong";
import { nonTransactionalStatement } from "./nonTransactionalStatement";
import { publicChangeInTenantMigration } from "./publicChangeInTenantMigration";
import { publicToTenantForeignKey } from "./publicToTenantForeignKey";
import type { Rule, RuleEntry, TextRule } from "./rule";
import { safetyRules } from "./safety";
import { searchPathChange } from "./searchPathChange";
import { shadowedTable } from "./shadowedTable";
import { syntaxError } from "./syntaxError";
import { tenantChangeInPublicMigration } from "./tenantChangeInPublicMigration";
import { tenantToPublicForeignKey } from "./tenantToPublicForeignKey";
import { transactionControl } from "./transactionControl";
import { unnamedForeignKey } from "./unnamedForeignKey";
import { unqualifiedObject } from "./unqualifiedObject";
import { unqualifiedTable } from "./unqualifiedTable";

/** The rules that look at statements. */
export const statementRules: readonly Rule[] = [
  unqualifiedTable,
  unqualifiedObject,
  shadowedTable,
  publicToTenantForeignKey,
  tenantToPublicForeignKey,
  unnamedForeignKey,
  hardCodedTenant,
  publicChangeInTenantMigration,
  tenantChangeInPublicMigration,
  databaseWideStatement,
  searchPathChange,
  dynamicSql,
  transactionControl,
  nonTransactionalStatement,
  clientOnlyStatement,
  identifierTooLong,
  syntaxError,
  ...safetyRules,
];

/** Those of them that look at what stands between statements, too. */
export const textRules: readonly TextRule[] = [clientOnlyStatement];

/** Every rule; the only list. */
export const rules: readonly RuleEntry[] = [
  ...statementRules,
  duplicateVersion,
  unknownDirective,
  unusedIgnore,
  invalidConfig,
  invalidMigration,
];
