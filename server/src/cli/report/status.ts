import type { StatusReport, TenantState, TenantStatus } from "../../engine/events";
import type { SharedDetail, SharedDetails } from "../../engine/statusDetails";
import type { Style } from "../style";
import { count, nameText, number, visible, width } from "../text";

/** The status as a page: the shared schemas, the cohorts, then the tenants that aren't of the largest one. */
export function statusText(report: StatusReport, told: Told, style: Style, most = 50): string {
  const cohorts = cohortsOf(report.tenants);
  const [first] = cohorts;
  const ordinary = first !== undefined && plain.has(first.state) ? first : null;
  const apart = cohorts.filter((cohort) => cohort !== ordinary).flatMap((cohort) => cohort.tenants);
  const lines = [
    `${style.dim("public")}     ${sharedText(report.public, told.shared.public, style)}`,
    ...(report.prototype === null
      ? []
      : [`${style.dim("prototype")}  ${sharedText(report.prototype, told.shared.prototype, style)}`]),
    "",
    first === undefined
      ? (told.absent ?? "No tenants.")
      : `${style.bold(count(report.tenants.length, "tenant"))}: ${cohorts.map((cohort) => cohortText(cohort, style)).join(" · ")}`,
  ];
  if (apart.length > 0) {
    lines.push("", ...table(apart.slice(0, most), told, style));
  }
  if (apart.length > most) {
    lines.push(style.dim(`and ${number(apart.length - most)} more; --tenants picks some, --format json lists all.`));
  }
  if (told.waysOut.length > 0) {
    lines.push("", ...told.waysOut.map((line) => visible(line)));
  }
  return lines.join("\n");
}

/** What is told beside the figures. */
export interface Told {
  /** What a tenant's state doesn't say by itself, by tenant. */
  readonly details: ReadonlyMap<string, string>;
  /** The same of the shared schema and of the prototype. */
  readonly shared: SharedDetails;
  /** Why there are no tenants, where there are none. */
  readonly absent: string | null;
  /** What can be done about what stands apart. */
  readonly waysOut: readonly string[];
}

interface Cohort {
  readonly state: TenantState;
  readonly version: string | null;
  readonly pending: number;
  readonly tenants: TenantStatus[];
}

/** Tenants that stand at the same place, the largest cohort first; then those that stand apart, by why they do. */
function cohortsOf(tenants: readonly TenantStatus[]): Cohort[] {
  const cohorts = new Map<string, Cohort>();
  let cohort: Cohort | undefined;
  for (const tenant of tenants) {
    const { state, version, pending } = tenant;
    // Most tenants stand where the one before them does.
    if (cohort?.state !== state || cohort.version !== version || cohort.pending !== pending) {
      const key = plain.has(state) ? `${state} ${pending} ${version ?? ""}` : state;
      cohort = cohorts.get(key) ?? { state, version, pending, tenants: [] };
      cohorts.set(key, cohort);
    }
    cohort.tenants.push(tenant);
  }
  return [...cohorts.values()].sort(
    (a, b) => Number(plain.has(b.state)) - Number(plain.has(a.state)) || b.tenants.length - a.tenants.length,
  );
}

const plain: ReadonlySet<TenantState> = new Set(["current", "pending"]);

function cohortText(cohort: Cohort, style: Style): string {
  const at = cohort.version === null ? "with nothing applied" : `at ${cohort.version}`;
  const pending = cohort.pending > 0 ? ` (${number(cohort.pending)} pending)` : "";
  const n = number(cohort.tenants.length);
  switch (cohort.state) {
    case "current":
      return style.green(`${n} ${at}`);
    case "pending":
      return style.yellow(`${n} ${at}${pending}`);
    case "pending-creation":
    case "skipped":
    case "renamed":
      return `${n} ${stateWords[cohort.state]}`;
    default:
      return style.red(`${n} ${stateWords[cohort.state]}`);
  }
}

const stateWords: Readonly<Record<TenantState, string>> = {
  current: "current",
  pending: "pending",
  failed: "failed",
  skipped: "left out",
  "pending-creation": "without a schema",
  "unknown-version": "with versions that no file has",
  recreated: "made again",
  renamed: "renamed",
};

function sharedText(
  shared: { version: string | null; pending: number },
  detail: SharedDetail | null,
  style: Style,
): string {
  const pending = shared.pending === 0 ? "" : `  ${style.yellow(`(${number(shared.pending)} pending)`)}`;
  const more = detail === null ? "" : `  ${style.red(oneLine(detail.text))}`;
  return `${shared.version ?? "nothing applied"}${pending}${more}`;
}

function oneLine(message: string): string {
  return visible(message).replace(/\s+/g, " ");
}

function table(tenants: readonly TenantStatus[], { details }: Told, style: Style): string[] {
  const stateText = ({ tenant, state, pending }: TenantStatus) => {
    const word = state === "pending" ? `${number(pending)} pending` : stateWords[state];
    const detail = details.get(tenant);
    if (detail === undefined) return word;
    // A skip says by itself that the tenant is left out.
    return state === "skipped" ? oneLine(detail) : `${word}: ${oneLine(detail)}`;
  };
  const rows = tenants.map((tenant) => ({
    name: nameText(tenant.tenant),
    version: tenant.version ?? "–",
    state: stateText(tenant),
  }));
  const names = Math.max(6, ...rows.map((row) => width(row.name)));
  const versions = Math.max(7, ...rows.map((row) => row.version.length));
  const pad = (text: string, columns: number) => text + " ".repeat(Math.max(0, columns - width(text)));
  return [
    style.dim(`${pad("tenant", names)}  ${pad("version", versions)}  state`),
    ...rows.map((row) => `${pad(row.name, names)}  ${pad(row.version, versions)}  ${row.state}`),
  ];
}
