import { rm } from "node:fs/promises";
import type { TestProject } from "vitest/node";

/** Takes away, at a test run's end, what its processes have kept for each other. */
export default function setup({ config }: TestProject): () => Promise<void> {
  const folder = config.env.TENANTRY_CACHE_DIR;
  return async () => {
    if (typeof folder === "string") await rm(folder, { recursive: true, force: true });
  };
}
