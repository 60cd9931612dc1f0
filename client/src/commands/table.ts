import type { Command } from "./command";
import { createConfiguration, openConfiguration, openProblem } from "./configuration";
import { connect } from "./connect";
import { newMigration } from "./newMigration";
import { forgetPassword, setPassword } from "./passwords";
import { previewSql } from "./previewSql";
import { runOnAllTenants } from "./runOnAllTenants";
import { runOnPrototype, runOnTenant } from "./runOnTenant";
import { cancelRun, retryFailed, showRunFailures } from "./runs";
import {
  copyName,
  openWalkthrough,
  refresh,
  reportIssue,
  restartServer,
  showLog,
  showMenu,
  showTenants,
} from "./window";

/** Every command of the manifest, and what it does. */
export const commandTable: Readonly<Record<string, Command>> = {
  "tenantry.runOnAllTenants": runOnAllTenants,
  "tenantry.runOnTenant": runOnTenant,
  "tenantry.runOnPrototype": runOnPrototype,
  "tenantry.retryFailed": retryFailed,
  "tenantry.previewSql": previewSql,
  "tenantry.connect": connect,
  "tenantry.newMigration": newMigration,
  "tenantry.setPassword": setPassword,
  "tenantry.forgetPassword": forgetPassword,
  "tenantry.createConfiguration": createConfiguration,
  "tenantry.openConfiguration": openConfiguration,
  "tenantry.openProblem": openProblem,
  "tenantry.cancelRun": cancelRun,
  "tenantry.showFailures": showRunFailures,
  "tenantry.refresh": refresh,
  "tenantry.showTenants": showTenants,
  "tenantry.showMenu": showMenu,
  "tenantry.showLog": showLog,
  "tenantry.copyName": copyName,
  "tenantry.openWalkthrough": openWalkthrough,
  "tenantry.restartServer": restartServer,
  "tenantry.reportIssue": reportIssue,
};
