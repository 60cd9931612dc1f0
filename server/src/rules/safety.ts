import type { Rule } from "./rule";
import { backfillWithDdl } from "./safety/backfillWithDdl";
import { catalogGrowth } from "./safety/catalogGrowth";
import { changeWithoutWhere } from "./safety/changeWithoutWhere";
import { constraintWithoutIndex } from "./safety/constraintWithoutIndex";
import { constraintWithoutNotValid } from "./safety/constraintWithoutNotValid";
import { dropCascade } from "./safety/dropCascade";
import { droppedObject } from "./safety/droppedObject";
import { identityOnExistingTable } from "./safety/identityOnExistingTable";
import { indexWithoutConcurrently } from "./safety/indexWithoutConcurrently";
import { notNullColumnWithoutDefault } from "./safety/notNullColumnWithoutDefault";
import { notNullOnExistingColumn } from "./safety/notNullOnExistingColumn";
import { renamedObject } from "./safety/renamedObject";
import { rewritingTypeChange } from "./safety/rewritingTypeChange";
import { scanUnderExclusiveLock } from "./safety/scanUnderExclusiveLock";
import { securityDefinerWithoutSearchPath } from "./safety/securityDefinerWithoutSearchPath";
import { severalExclusiveLocks } from "./safety/severalExclusiveLocks";
import { storedGeneratedColumn } from "./safety/storedGeneratedColumn";
import { truncateCascade } from "./safety/truncateCascade";
import { unqualifiedFunctionBody } from "./safety/unqualifiedFunctionBody";
import { validationInSameTransaction } from "./safety/validationInSameTransaction";
import { volatileDefault } from "./safety/volatileDefault";

/** The rules about what a statement does to a server in use: locks, rewrites, data that is lost, code that breaks. */
export const safetyRules: readonly Rule[] = [
  constraintWithoutNotValid,
  validationInSameTransaction,
  notNullOnExistingColumn,
  notNullColumnWithoutDefault,
  volatileDefault,
  identityOnExistingTable,
  storedGeneratedColumn,
  rewritingTypeChange,
  constraintWithoutIndex,
  indexWithoutConcurrently,
  severalExclusiveLocks,
  scanUnderExclusiveLock,
  backfillWithDdl,
  droppedObject,
  renamedObject,
  dropCascade,
  truncateCascade,
  changeWithoutWhere,
  securityDefinerWithoutSearchPath,
  unqualifiedFunctionBody,
  catalogGrowth,
];
