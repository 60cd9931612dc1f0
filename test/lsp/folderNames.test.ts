import { expect, it } from "vitest";
import { folderNames } from "../../server/src/lsp/folderNames";

it.each([
  [["/home/me/shop"], ["shop"]],
  [
    ["/home/me/billing/db", "/home/me/shop/db", "/home/me/tools"],
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
    ["C:\\me\\billing\\db", "C:\\me\\shop\\db"],
    ["billing/db", "shop/db"],
  ],
  [["/"], ["/"]],
])("folders %j are called %j", (paths, names) => {
  expect([...folderNames(paths).values()]).toEqual(names);
});
