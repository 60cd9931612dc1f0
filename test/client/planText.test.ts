import { expect, test } from "vitest";
import { confirmDetail, confirmText, nothingText, plannedTenants, planText } from "../../client/src/text/planText";
import { folderPlan } from "./fleet";
import { t } from "./translate";

test("the plan's page says what is run on whom, in which order and under which locks", () => {
  expect(planText(folderPlan, "prototype", t)).toBe(`Plan for production (app@db:5432/shop)

2 migrations, 3 tenants.

Stage 1 of 2: the public schema, once
    0004 tax_rates

Stage 2 of 2: the prototype and 3 tenants
    0005 orders
    locks shared tables first: public.plans (SHARE ROW EXCLUSIVE)
    first: prototype
    then alone: acme
    then all others:
    beta, gamma

Digest d1: a run that was confirmed for it does nothing else.
`);
});

test("a canary comes first where the prototype has nothing to do, and nobody is named twice", () => {
  const stages = folderPlan.stages.map((stage) => ({ ...stage, tenants: ["acme", "beta"] }));
  const text = planText({ ...folderPlan, stages }, "prototype", t);
  expect(text).toContain("    first, alone: acme\n    then all others:\n    beta\n");
  expect(text).not.toContain("first: prototype");
});

test("refusals come first, with their place", () => {
  const refusals = [
    {
      code: "diagnostics",
      message: "The file has errors. Put them right.",
      file: "migrations/a.sql",
      line: 3,
      column: 7,
    },
    { code: "history", message: "0002 was edited. Run `tenantry repair`." },
  ];
  const text = planText({ ...folderPlan, refusals }, "prototype", t);
  expect(text.indexOf("This plan can't be run")).toBeLessThan(text.indexOf("Stage 1"));
  expect(text).toContain("  - The file has errors. Put them right.\n    migrations/a.sql:3:7\n  - 0002 was edited.");
});

test("the question counts tenants, and never the prototype", () => {
  expect([...plannedTenants(folderPlan, "prototype")]).toEqual(["acme", "beta", "gamma"]);
  expect(confirmText(folderPlan, "prototype", t)).toBe("Run 2 migrations on 3 tenants of production?");
});

test("a plan for the public schema alone asks for that", () => {
  const plan = { ...folderPlan, stages: folderPlan.stages.slice(0, 1), migrations: folderPlan.migrations.slice(0, 1) };
  expect(confirmText(plan, "prototype", t)).toBe("Run 1 migration on the public schema of production?");
});

test("a plan for the prototype alone asks for that", () => {
  const stages = folderPlan.stages.map((stage) => ({ ...stage, tenants: stage.tenants.slice(0, 1) }));
  expect(confirmText({ ...folderPlan, stages }, "prototype", t)).toBe(
    "Run 2 migrations on the prototype of production?",
  );
});

test("the question's details name stages, locks, tenants and the database", () => {
  const detail = confirmDetail(folderPlan, "prototype", t);
  expect(detail).toContain(
    "Stage 2: the prototype and 3 tenants\n    0005 orders\n    locks shared tables first: public.plans",
  );
  expect(detail).toContain("Tenants: acme, beta, gamma");
  expect(detail).toContain("Database: app@db:5432/shop");
});

test("an empty plan says so", () => {
  expect(planText({ ...folderPlan, stages: [], migrations: [] }, "prototype", t)).toContain("Nothing is pending.");
});

test("each stage names its own migrations where public and tenant ones number on their own", () => {
  const migrations = folderPlan.migrations.map((migration) => ({ ...migration, version: "1" }));
  const stages = folderPlan.stages.map((stage) => ({ ...stage, versions: ["1"] }));
  const text = planText({ ...folderPlan, migrations, stages }, "prototype", t);
  expect(text).toMatch(/public schema, once\n {4}1 tax_rates\n/);
  expect(text).toMatch(/3 tenants\n {4}1 orders\n/);
});

test("that everything is up to date is said only where there is something", () => {
  const said = (why: NonNullable<typeof folderPlan.whyNothing>) => nothingText(folderPlan, why, "proto", t);
  expect(said("applied")).toBe("Nothing to run on production: everything chosen is up to date.");
  expect(said("no-schemas")).toContain("neither a tenant's schema nor the prototype schema proto");
  expect(said("no-migrations")).toContain("there are no migrations yet");
  expect(said("not-created")).toContain("no schema yet");
  expect(said("left-out")).toContain("left out");
});
