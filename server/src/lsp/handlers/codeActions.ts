import { type CodeAction, CodeActionKind, type CodeActionParams } from "vscode-languageserver/node";
import { sureFix, sureFixes } from "../../app/fixes";
import type { Finding } from "../../rules/lint";
import { rulePage } from "../../rules/page";
import type { Context } from "../context";
import { toDiagnostic, toSpan, toTextEdits } from "../convert";
import { type OpenDocument, openDocument } from "../documents";
import { findingsOf } from "../findings";

const fixAll = `${CodeActionKind.SourceFixAll}.tenantry`;

/** What an action that has no edit yet is asked for by: a finding's place and rule, and which of its fixes; or all sure fixes. */
type ActionData = { readonly uri: string } & (
  | { readonly fix: "all" }
  | { readonly fix: number; readonly rule: string; readonly start: number; readonly end: number }
);

/** Quick fixes of the findings in a range, and *fix all*. The edits are worked out when an action is chosen. */
export async function codeActions(context: Context, params: CodeActionParams): Promise<CodeAction[]> {
  const { uri } = params.textDocument;
  const document = await openDocument(context, uri);
  if (document === null) return [];
  const { diagnostics: findings } = await findingsOf(document);
  const wants = (kind: string) =>
    params.context.only?.some((only) => kind === only || kind.startsWith(`${only}.`)) ?? true;
  const actions = wants(CodeActionKind.QuickFix) ? quickFixes(document, findings, params) : [];
  if (wants(fixAll) && sureFixes(findings).length > 0) {
    const data: ActionData = { uri, fix: "all" };
    const title = "Fix all that Tenantry is sure of in this file";
    // Beside quick fixes it is offered as one of them too, where it saves more than one.
    if (params.context.only) actions.push({ title, kind: fixAll, data });
    else if (sureFixes(findings).length > 1 && actions.length > 0)
      actions.push({ title, kind: CodeActionKind.QuickFix, data });
  }
  return context.client.resolvesCodeActions
    ? actions
    : Promise.all(actions.map((action) => resolveCodeAction(context, action)));
}

export async function resolveCodeAction(context: Context, action: CodeAction): Promise<CodeAction> {
  const data = action.data as ActionData;
  const document = await openDocument(context, data.uri);
  if (document === null) return action;
  const { diagnostics: findings } = await findingsOf(document);
  const edits =
    data.fix === "all"
      ? sureFixes(findings)
      : (findings.find((one) => isSame(one, data))?.fixes[data.fix]?.edits ?? []);
  const { data: _, ...rest } = action;
  return { ...rest, edit: { changes: { [data.uri]: toTextEdits(document.lines, edits) } } };
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
          isPreferred: sureFix(finding) !== null,
          data,
        };
      }),
    );
}

function isSame(finding: Finding, { rule, start, end }: { rule: string; start: number; end: number }): boolean {
  return finding.rule === rule && finding.start === start && finding.end === end;
}
