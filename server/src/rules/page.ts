import { repository } from "../../../package.json";

/** The address of a rule's page. */
export function rulePage(id: string): string {
  return `${repository.url.replace(/^git\+|\.git$/g, "")}/blob/main/docs/rules/${id}.md`;
}
