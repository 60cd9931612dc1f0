import { type CodeAction, CodeActionKind, type CodeActionParams } from "vscode-languageserver/node";
import { hasSureFix, sureFixes } from "../../app/fixes";
import { readOpenText } from "../../project/sqlText";
import type { Finding } from "../../rules/finding";
import { ignoreFix } from "../../rules/ignoreFix";
import { upStatements } from "../../rules/lint";
import { rulePage } from "../../rules/page";
import type { Fix } from "../../rules/rule";
import type { Context } from "../context";
import { toDiagnostic, toSpan } from "../convert";
import { type OpenDocument, openDocument } from "../documents";
import { findingsOf } from "../findings";
import { fixEdit } from "../fixEdit";

const fixAll = `${CodeActionKind.SourceFixAll}.tenantry`;

/** What an action that has no edit yet is asked for by: a finding's place and rule, and which of its fixes; or all sure fixes. */
type ActionData = { readonly uri: string } & ({ readonly fix: "all" } | FindingData);

interface FindingData {
  readonly fix: number | "ignore";
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

/** Quick fixes of the findings in a range, and *fix all*. The edits are worked out when an action is chosen. */
export async function codeActions(context: Context, params: CodeActionParams): Promise<CodeAction[]> {
  const { uri } = params.textDocument;
  const document = await openDocument(context, uri);
  if (document === null) return [];
  const { diagnostics: findings } = await findingsOf(document.held);
  const wants = (kind: string) =>
    params.context.only?.some((only) => kind === only || kind.startsWith(`${only}.`)) ?? true;
  const actions = wants(CodeActionKind.QuickFix) ? quickFixes(document, findings, params) : [];
  if (wants(fixAll) && findings.some(hasSureFix)) {
    const data: ActionData = { uri, fix: "all" };
    const title = "Fix all that Tenantry is sure of in this file";
    // Beside quick fixes it is offered as one of them too, where it saves more than one.
    if (params.context.only) actions.push({ title, kind: fixAll, data });
    else if (sureFixes(findings).length > 1 && actions.length > 0)
      actions.push({ title, kind: CodeActionKind.QuickFix, data });
  }
  if (wants(CodeActionKind.QuickFix)) actions.push(...ignoreActions(document, findings, params));
  return context.client.resolvesCodeActions
    ? actions
    : Promise.all(actions.map((action) => resolveCodeAction(context, action)));
}

export async function resolveCodeAction(context: Context, action: CodeAction): Promise<CodeAction> {
  const data = action.data as ActionData | undefined;
  if (data === undefined) return action;
  const document = await openDocument(context, data.uri);
  if (document === null) return action;
  const { diagnostics: findings } = await findingsOf(document.held);
  const edits = data.fix === "all" ? sureFixes(findings) : (fixOf(document, findings, data)?.edits ?? []);
  const { data: _, ...rest } = action;
  return { ...rest, edit: fixEdit(context.client, document, edits) };
}

function quickFixes(
  { uri, lines }: OpenDocument,
  findings: readonly Finding[],
  { range }: CodeActionParams,
): CodeAction[] {
  const { start, end } = toSpan(lines, range);
  return findings
    .filter((finding) => finding.start <= end && finding.end >= start)
    .flatMap((finding) =>
      finding.fixes.map((fix, index) => {
        const data: ActionData = { uri, fix: index, rule: finding.rule, start: finding.start, end: finding.end };
        return {
          title: fix.title,
          kind: CodeActionKind.QuickFix,
          diagnostics: [toDiagnostic(lines, finding, rulePage(finding.rule))],
          isPreferred: hasSureFix(finding),
          data,
        };
      }),
    );
}

/** Ignoring what is found in a range, each rule once for each statement. */
function ignoreActions(
  document: OpenDocument,
  findings: readonly Finding[],
  { range }: CodeActionParams,
): CodeAction[] {
  const { uri, lines } = document;
  const { start, end } = toSpan(lines, range);
  const offered = new Map<string, CodeAction>();
  for (const finding of findings.filter((one) => one.start <= end && one.end >= start)) {
    const fix = ignoreOf(document, finding);
    if (fix === null) continue;
    const key = JSON.stringify(fix);
    const others = offered.get(key)?.diagnostics ?? [];
    const diagnostics = [...others, toDiagnostic(lines, finding, rulePage(finding.rule))];
    const data: ActionData = { uri, fix: "ignore", rule: finding.rule, start: finding.start, end: finding.end };
    offered.set(key, { title: fix.title, kind: CodeActionKind.QuickFix, diagnostics, data });
  }
  return [...offered.values()];
}

function ignoreOf({ opened: { project }, path, analysis }: OpenDocument, finding: Finding): Fix | null {
  if (project === null || analysis === null) return null;
  const { migration } = readOpenText(project, path, analysis);
  // Editors ask for it behind each key, for which a long text isn't to be put together.
  const { directives } = migration;
  return ignoreFix({ text: analysis.source, directives }, upStatements(migration, analysis), finding);
}

function fixOf(document: OpenDocument, findings: readonly Finding[], data: FindingData): Fix | null {
  const finding = findings.find((one) => isSame(one, data));
  if (finding === undefined) return null;
  return data.fix === "ignore" ? ignoreOf(document, finding) : (finding.fixes[data.fix] ?? null);
}

function isSame(finding: Finding, { rule, start, end }: { rule: string; start: number; end: number }): boolean {
  return finding.rule === rule && finding.start === start && finding.end === end;
}
