import type { RuleEntry } from "./rule";

/* The rules about files as such: what they report is found where files are read. What keeps a file from being read at all, no preset puts off. */

export const duplicateVersion: RuleEntry = {
  id: "duplicate-version",
  severity: "error",
  presets: { off: "error" },
  summary: "Two migrations have the same version.",
};

export const unknownDirective: RuleEntry = {
  id: "unknown-directive",
  severity: "warning",
  summary: "A `-- tenantry:` comment isn't understood.",
};

export const unusedIgnore: RuleEntry = {
  id: "unused-ignore",
  severity: "warning",
  summary: "An ignore that hides nothing.",
};

export const invalidConfig: RuleEntry = {
  id: "invalid-config",
  severity: "error",
  presets: { off: "error" },
  summary: "`tenantry.json` has a mistake.",
};

export const invalidMigration: RuleEntry = {
  id: "invalid-migration",
  severity: "error",
  presets: { off: "error" },
  summary: "A file can't be read as the migration that its folder and name say it is.",
};
