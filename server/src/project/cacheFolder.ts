import { isAbsolute, join } from "node:path";
import { homeFolder } from "./homeFolder";

/** Where the user's system keeps what can be made again; null for a user without a home. */
export function cacheFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  const { TENANTRY_CACHE_DIR: own, XDG_CACHE_HOME: usual, LOCALAPPDATA: local } = environment;
  if (own) return own;
  if (platform === "win32" && local) return join(local, "tenantry", "Cache");
  if (platform !== "darwin" && platform !== "win32" && usual && isAbsolute(usual)) return join(usual, "tenantry");
  const home = homeFolder();
  if (home === null) return null;
  if (platform === "win32") return join(home, "AppData", "Local", "tenantry", "Cache");
  return join(home, platform === "darwin" ? "Library/Caches" : ".cache", "tenantry");
}
