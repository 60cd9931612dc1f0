import { expect, it } from "vitest";
import { folderNames } from "../../server/src/lsp/folderNames";

it.each([
  [["/work/shop"], ["shop"]],
  [
    ["/work/billing/db", "/work/shop/db", "/work/tools"],
    ["billing/db", "shop/db", "tools"],
  ],
  [
    ["/one/app/db", "/two/app/db", "/two/web/db"],
    ["one/app/db", "two/app/db", "web/db"],
  ],
  [
    ["/app/db", "/srv/app/db"],
    ["/app/db", "srv/app/db"],
  ],
  [
    ["C:\\work\\billing\\db", "C:\\work\\shop\\db"],
    ["billing/db", "shop/db"],
  ],
  [["/"], ["/"]],
])("folders %j are called %j", (paths, names) => {
  expect([...folderNames(paths).values()]).toEqual(names);
});
