/** Something asked of a project that it can't do; the message is for people and holds the way out. */
export class ProjectError extends Error {
  override readonly name = "ProjectError";
}
