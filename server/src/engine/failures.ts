import type { Failure, FailureGroup } from "./events";

/** Groups failures by what caused them, the largest group first, its tenants by name; a group tells its first tenant's message. */
export function groupFailures(
  failures: readonly { readonly tenant: string; readonly failure: Failure }[],
): FailureGroup[] {
  const groups = new Map<string, Failure & { tenants: string[] }>();
  // Tenants end in another order each time; what is told of the same failures stays the same.
  const byName = failures.toSorted((a, b) => (a.tenant < b.tenant ? -1 : a.tenant > b.tenant ? 1 : 0));
  for (const { tenant, failure } of byName) {
    const key = fingerprintOf(failure, tenant);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ...failure, tenants: [tenant] });
    else group.tenants.push(tenant);
  }
  return [...groups.values()].sort((a, b) => b.tenants.length - a.tenants.length);
}

/** What failures of one cause have in common: code, place, and the message without the names and values of one tenant. */
export function fingerprintOf(failure: Failure, tenant: string): string {
  // A name with quotes in it would end the quoted part of the message too early.
  const plain = /["']/.test(tenant) ? failure.message.replaceAll(tenant, "…") : failure.message;
  const message = plain
    .split(" — ", 1)
    .join("")
    .replace(/"[^"]*"|'[^']*'|\u00AB[^\u00BB]*\u00BB|\u201E[^\u201C]*\u201C/g, "…")
    .replace(/\d+/g, "…");
  return JSON.stringify([failure.code, failure.file, failure.line, failure.column, message]);
}
