import type { FolderView } from "../folderView";
import type { Translate } from "./translate";

/** What is said where a tenant has to be typed, since there is none to choose. */
export function tenantPrompt({ status }: FolderView, t: Translate): string {
  return status?.ok
    ? t("The tenant's schema. The connection has no tenants yet.")
    : t("The tenant's schema. The list of tenants isn't known, since nothing is connected.");
}
