import { expect, it } from "vitest";
import { analyseAll } from "../../server/src/app/analyseAll";
import { analysisOf } from "../../server/src/app/analyses";
import { findingsInParts, findingsNow } from "../../server/src/app/check";
import { withText } from "../../server/src/project/sqlText";
import { paths, projectOf, toldOf } from "./editedFolder";

const tables = (count: number) =>
  Array.from({ length: count }, (_, n) => `create table t${n} (id int);\ninsert into t${n} select * from b;\n`).join(
    "",
  );

it("what is found in parts is what is found at once, whatever is typed in the file between them", async () => {
  const text = tables(60);
  const path = paths[2];
  const saved = projectOf(["create table public.b (id int);\n", "create table prototype.t1 (id int);\n", text]);
  const typed = withText(saved, path, text.replace("t30", "prototype.t30").replace("create table t40 (id int);\n", ""));
  const migration = saved.migrations.find((one) => one.path === path);
  const other = typed.migrations.find((one) => one.path === path);
  if (migration === undefined || other === undefined) throw new Error("The file is missing.");
  for (const [project, one] of [[saved, migration] as const, [typed, other] as const]) {
    await analyseAll(project);
    await analysisOf(project, one);
  }
  let parts = 0;
  const pause = async () => {
    // What is typed is checked in whole every other time.
    if (parts++ % 2 === 0) findingsNow(typed, other);
  };
  const slices = { isOver: () => true, rest: pause, pause };
  const found = await findingsInParts(saved, migration, slices);
  expect(parts).toBeGreaterThan(0);
  const fresh = projectOf(saved.migrations.map((one) => one.text));
  const own = fresh.migrations.find((one) => one.path === path);
  if (own === undefined) throw new Error("The file is missing.");
  await analyseAll(fresh);
  expect(toldOf(found)).toEqual(toldOf(findingsNow(fresh, own)));
  expect(found.length).toBeGreaterThan(100);

  const untouched = projectOf(saved.migrations.map((one) => one.text));
  const alone = untouched.migrations.find((one) => one.path === path);
  if (alone === undefined) throw new Error("The file is missing.");
  await analyseAll(untouched);
  let rests = 0;
  const resting = async () => {
    rests++;
  };
  expect(
    toldOf(await findingsInParts(untouched, alone, { isOver: () => true, rest: resting, pause: resting })),
  ).toEqual(toldOf(found));
  // 120 statements, 16 at a time.
  expect(rests).toBe(7);
});
