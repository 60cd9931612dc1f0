import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configurationJsonSchema } from "../../server/src/project/configurationJsonSchema";
import { rules } from "../../server/src/rules/all";

const path = join(import.meta.dirname, "../../assets/tenantry.schema.json");

it("is written down as the code has it; else run: node build/configurationSchema.mjs", async () => {
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual(JSON.parse(JSON.stringify(configurationJsonSchema(rules))));
});

it("explains every setting", () => {
  expect(withoutDescription(configurationJsonSchema(rules), "")).toEqual([]);
});

it("offers the rules by name where they are known", () => {
  const schema = configurationJsonSchema([{ id: "unqualified-table", summary: "a table is named without a schema" }]);
  expect(schema).toMatchObject({
    properties: {
      rules: {
        properties: {
          "unqualified-table": {
            description: "a table is named without a schema",
            enum: ["error", "warning", "information", "hint", "off"],
          },
        },
        additionalProperties: false,
      },
    },
  });
});

/** The settings, at any depth, that an editor couldn't explain. */
function withoutDescription(schema: unknown, path: string): string[] {
  const { properties = {}, additionalProperties } = schema as {
    properties?: Record<string, { description?: string }>;
    additionalProperties?: unknown;
  };
  const own = Object.entries(properties).flatMap(([key, value]) => [
    ...(value.description === undefined ? [`${path}/${key}`] : []),
    ...withoutDescription(value, `${path}/${key}`),
  ]);
  return typeof additionalProperties === "object"
    ? [...own, ...withoutDescription(additionalProperties, `${path}/*`)]
    : own;
}
