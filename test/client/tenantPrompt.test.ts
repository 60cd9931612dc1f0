import { expect, test } from "vitest";
import { tenantPrompt } from "../../client/src/text/tenantPrompt";
import { folderView } from "./fleet";
import { t } from "./translate";

test("a tenant's name is asked for with the reason why none can be chosen", () => {
  expect(tenantPrompt(folderView([]), t)).toContain("no tenants yet");
  expect(tenantPrompt(folderView([], { status: null }), t)).toContain("nothing is connected");
});
