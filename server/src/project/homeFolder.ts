import { homedir } from "node:os";

/** The user's own folder; null where the system doesn't know the user, as may be in a container. */
export function homeFolder(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}
