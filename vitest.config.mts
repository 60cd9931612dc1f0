import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { __DIST__: JSON.stringify(resolve(import.meta.dirname, "dist")), __BUILD__: JSON.stringify("tests") },
  test: {
    globalSetup: ["test/support/postgresServer.ts", "test/support/cacheFolder.ts"],
    // What is found in one run is no other's, nor its user's.
    env: { TENANTRY_CACHE_DIR: join(tmpdir(), `tenantry-tests-${process.pid}`) },
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "test/bench/**"],
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
