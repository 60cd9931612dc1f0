import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";

/** What OASIS's schema of SARIF 2.1.0 finds wrong in a log, each with its place; the package is here for the schema alone. */
export function sarifFaults(log: unknown): string[] {
  const path = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, "utf8"));
  // The schema is of draft 4, of which ajv reads all that is used here but its name; its patterns are none of Unicode's.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, formats });
  const validate = ajv.compile(schema);
  validate(log);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

const formats = {
  uri: (text: string) => URL.canParse(text),
  "uri-reference": (text: string) => URL.canParse(text, "file:///x/"),
  "date-time": (text: string) => !Number.isNaN(Date.parse(text)),
};
