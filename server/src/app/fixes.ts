import { type Finding, unplacedFixes } from "../rules/finding";
import type { Fix } from "../rules/rule";

/** The text with every fix applied that is the one right change for its finding; of two that overlap, the first. */
export function applied(text: string, findings: readonly Finding[]): string {
  return withEdits(text, sureFixes(findings));
}

/** The one right change for a finding; null where there is none, or where the author has to choose. */
export function sureFix(finding: Finding): Fix | null {
  return hasSureFix(finding) ? (finding.fixes[0] ?? null) : null;
}

export function hasSureFix(finding: Finding): boolean {
  const [only, ...others] = unplacedFixes(finding);
  return only !== undefined && only.choice !== true && others.length === 0;
}

/** The fixes that need no choice, in the order of the text, none overlapping another. */
export function sureFixes(findings: readonly Finding[]): Fix["edits"] {
  const edits = findings.flatMap((finding) => sureFix(finding)?.edits ?? []);
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  return ordered.filter((edit, index) => {
    const before = ordered[index - 1];
    if (before === undefined) return true;
    const isSame = before.start === edit.start && before.end === edit.end;
    return edit.start >= before.end && !isSame;
  });
}

function withEdits(text: string, edits: Fix["edits"]): string {
  return edits
    .toReversed()
    .reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);
}
