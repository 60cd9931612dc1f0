import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { homepage } from "../../../../package.json";
import { rulePage } from "../../rules/page";
import type { Level, Severity } from "../../rules/rule";
import type { Finding } from "./finding";

/** What SARIF tells about a rule. */
export interface SarifRule {
  readonly id: string;
  readonly summary: string;
  readonly level: Level;
}

/** The findings as a SARIF 2.1.0 log, for code scanning services. */
export function sarif(findings: readonly Finding[], rules: readonly SarifRule[], version: string): object {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Tenantry",
            version,
            informationUri: homepage,
            rules: rules.map(({ id, summary, level }) => ({
              id,
              shortDescription: { text: summary },
              helpUri: rulePage(id),
              defaultConfiguration: { enabled: level !== "off", level: level === "off" ? "none" : levels[level] },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => resultOf(finding, rules)),
      },
    ],
  };
}

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

function resultOf({ file, range, severity, code, message, related }: Finding, rules: readonly SarifRule[]): object {
  const ruleIndex = rules.findIndex(({ id }) => id === code);
  return {
    ruleId: code,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: levels[severity],
    message: { text: message },
    locations: [locationOf({ file, range })],
    ...(related.length > 0 && {
      relatedLocations: related.map((place, id) => ({ id, ...locationOf(place), message: { text: place.message } })),
    }),
  };
}

function locationOf({ file, range: { start, end } }: Pick<Finding, "file" | "range">): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      region: {
        startLine: start.line + 1,
        startColumn: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
      },
    },
  };
}

function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : file.split("/").map(encodeURIComponent).join("/");
}
