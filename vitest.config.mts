import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { __DIST__: JSON.stringify(resolve(import.meta.dirname, "dist")) },
  test: {
    globalSetup: ["test/support/postgresServer.ts"],
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "test/bench/**"],
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
