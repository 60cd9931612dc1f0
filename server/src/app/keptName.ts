import { createHash } from "node:crypto";
import type { Project } from "../project/project";

/** The name under which what is known of each of a folder's files is kept. */
export function nameOfFiles({ root, configuration }: Project): string {
  const told = JSON.stringify([__BUILD__, process.version, configuration.dialect, root]);
  return `files-${createHash("sha256").update(told).digest("base64url")}`;
}

/** Whether something was kept of a folder's files, so that hardly any of them will have to be read. */
export async function areFilesKept(project: Project): Promise<boolean> {
  return (await project.cache?.holds(nameOfFiles(project))) ?? false;
}
