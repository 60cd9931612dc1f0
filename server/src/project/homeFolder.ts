import { homedir } from "node:os";
import { isAbsolute } from "node:path";

/** The user's own folder; null where the system doesn't know the user, as may be in a container. */
export function homeFolder(): string | null {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : null;
  } catch {
    return null;
  }
}
