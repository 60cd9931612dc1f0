import * as z from "zod/mini";
import { configurationSchema } from "./configurationSchema";

/** What is known of a rule where its settings are completed. */
export interface RuleEntry {
  readonly id: string;
  readonly summary: string;
}

/** The JSON schema of `tenantry.json`. @param rules those whose severities can be set; none given, any name is allowed. */
export function configurationJsonSchema(rules: readonly RuleEntry[] = []): object {
  const schema = z.toJSONSchema(configurationSchema, { io: "input", target: "draft-7" });
  if (rules.length === 0) return schema;
  return withRules(schema, ({ propertyNames: _, additionalProperties, ...rest }) => {
    const value = typeof additionalProperties === "object" ? additionalProperties : {};
    const properties = Object.fromEntries(rules.map(({ id, summary }) => [id, { ...value, description: summary }]));
    return { ...rest, properties, additionalProperties: false };
  });
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The schema with `rules` replaced, at the top and among the overrides. */
function withRules(schema: JsonSchema, replaced: (rules: JsonSchema) => JsonSchema): JsonSchema {
  const { rules, overrides, ...others } = schema.properties ?? {};
  const properties = {
    ...others,
    ...(typeof rules === "object" && { rules: replaced(rules) }),
    ...(typeof overrides === "object" && {
      overrides: { ...overrides, items: withRules(overrides.items as JsonSchema, replaced) },
    }),
  };
  return { ...schema, properties };
}
