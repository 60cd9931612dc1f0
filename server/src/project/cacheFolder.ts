import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where the user's system keeps what can be made again. */
export function cacheFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { TENANTRY_CACHE_DIR: own, XDG_CACHE_HOME: usual, LOCALAPPDATA: local } = environment;
  if (own) return own;
  if (platform === "win32") return join(local || join(homedir(), "AppData", "Local"), "tenantry", "Cache");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "tenantry");
  return join(usual && isAbsolute(usual) ? usual : join(homedir(), ".cache"), "tenantry");
}
