import type { Finding } from "../rules/finding";
import { rulePage } from "../rules/page";
import type { LineIndex } from "../sql/lineIndex";
import { withoutRange } from "./convert";
import type { RelatedOf } from "./related";

/** The diagnostics of one document as JSON, each with a comma in front of it. What stays as it was is the same string. */
export type DiagnosticTexts = (findings: readonly Finding[], lines: LineIndex, related: RelatedOf) => string[];

export function openDiagnosticTexts(): DiagnosticTexts {
  let before: readonly Text[] = [];
  return (findings, lines, relatedOf) => {
    const { start, end } = lasting(before, findings);
    const grown = findings.length - before.length;
    before = findings.map((finding, index) => {
      const known = index < start ? before[index] : index >= findings.length - end ? before[index - grown] : undefined;
      return textOf(finding, known, lines, relatedOf);
    });
    return before.map(({ text }) => text);
  };
}

interface Text {
  readonly of: unknown;
  /** All behind the range. */
  readonly rest: string;
  readonly related: string;
  /** Lines and characters. */
  readonly range: Range;
  readonly text: string;
}

type Range = readonly [startLine: number, startCharacter: number, endLine: number, endCharacter: number];

function textOf(finding: Finding, known: Text | undefined, lines: LineIndex, relatedOf: RelatedOf): Text {
  const others = relatedOf(finding);
  const related = others.length === 0 ? "" : `,"relatedInformation":${JSON.stringify(others)}`;
  const startLine = lines.lineAt(finding.start);
  const endLine = lines.lineAt(finding.end);
  const startCharacter = finding.start - lines.startOf(startLine);
  const endCharacter = finding.end - lines.startOf(endLine);
  if (known?.related === related) {
    const [line, character, lastLine, lastCharacter] = known.range;
    const isSame = line === startLine && character === startCharacter;
    if (isSame && lastLine === endLine && lastCharacter === endCharacter) return known;
  }
  const rest = known?.rest ?? restOf(finding);
  const from = `{"line":${startLine},"character":${startCharacter}}`;
  const to = `{"line":${endLine},"character":${endCharacter}}`;
  return {
    of: identity(finding),
    rest,
    related,
    range: [startLine, startCharacter, endLine, endCharacter],
    text: `,{"range":{"start":${from},"end":${to}}${rest}${related}}`,
  };
}

function restOf(finding: Finding): string {
  return `,${JSON.stringify(withoutRange(finding, rulePage(finding.rule))).slice(1, -1)}`;
}

/** How many findings are the same but for their places, from the start on and from the end. */
function lasting(before: readonly Text[], now: readonly Finding[]): { start: number; end: number } {
  const isSame = (text: Text | undefined, finding: Finding | undefined) =>
    text !== undefined && finding !== undefined && text.of === identity(finding);
  const most = Math.min(before.length, now.length);
  let start = 0;
  while (start < most && isSame(before[start], now[start])) start++;
  let end = 0;
  while (end < most - start && isSame(before[before.length - 1 - end], now[now.length - 1 - end])) end++;
  return { start, end };
}

function identity({ lasting: object, rule, severity, message }: Finding): unknown {
  return object ?? JSON.stringify([rule, severity, message]);
}
