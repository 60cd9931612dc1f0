import { expect, it } from "vitest";
import { splitNames } from "../../server/src/app/tenantNames";

it("takes lists apart at their commas, except where a name holds one itself", () => {
  expect(splitNames(["acme, globex", "a,b", "shop_*,"], ["acme", "globex", "a,b"])).toEqual([
    "acme",
    "globex",
    "a,b",
    "shop_*",
  ]);
});
