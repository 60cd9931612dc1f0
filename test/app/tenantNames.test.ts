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

it("takes what stands in double quotes as one name", () => {
  expect(splitNames(['"a,b",c'], [])).toEqual(["a,b", "c"]);
  expect(splitNames(['c , "say ""hi"", twice" ,"d"'], [])).toEqual(["c", 'say "hi", twice', "d"]);
  // Quotes that aren't the whole of a part belong to the name.
  expect(splitNames(['a"b,"c'], [])).toEqual(['a"b', '"c']);
});
