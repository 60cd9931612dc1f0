import { isAbsolute, relative, resolve } from "node:path";
import type { Diagnostic, DiagnosticRelatedInformation, Position, Range, TextEdit } from "vscode-languageserver/node";
import { DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver/node";
import { URI } from "vscode-uri";
import { unusedIgnore } from "../rules/fileRules";
import type { Severity } from "../rules/rule";
import type { LineIndex } from "../sql/lineIndex";
import type { Span } from "../sql/span";

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A finding as the core tells it. */
export interface Told extends Span {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
}

export function toDiagnostic(
  lines: LineIndex,
  told: Told,
  href: string | null,
  related: DiagnosticRelatedInformation[] = [],
): Diagnostic {
  return {
    range: toRange(lines, told),
    ...withoutRange(told, href),
    ...(related.length > 0 && { relatedInformation: related }),
  };
}

/** What of a diagnostic stays the same while the text before it is edited. */
export function withoutRange(told: Omit<Told, keyof Span>, href: string | null): Omit<Diagnostic, "range"> {
  return {
    severity: severities[told.severity],
    code: told.rule,
    source: "tenantry",
    message: told.message,
    ...(href !== null && { codeDescription: { href } }),
    // An editor fades what can be taken out.
    ...(told.rule === unusedIgnore.id && { tags: [DiagnosticTag.Unnecessary] }),
  };
}

export function toRange(lines: LineIndex, span: Span): Range {
  return { start: lines.positionAt(span.start), end: lines.positionAt(span.end) };
}

export function toSpan(lines: LineIndex, range: { start: Position; end: Position }): Span {
  return { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
}

export function toTextEdits(lines: LineIndex, edits: readonly (Span & { readonly text: string })[]): TextEdit[] {
  return edits.map((edit) => ({ range: toRange(lines, edit), newText: edit.text }));
}

/** The path of a file's URI, or null for a document that is no file (`untitled:`, `git:` …). */
export function toPath(uri: string): string | null {
  const parsed = URI.parse(uri);
  return parsed.scheme === "file" ? parsed.fsPath : null;
}

/** The path of a folder's URI, without a separator at its end; null where it is no folder of the file system. */
export function toFolder(uri: string): string | null {
  const path = toPath(uri);
  return path === null ? null : resolve(path);
}

export function toUri(path: string): string {
  return URI.file(path).toString();
}

/** A path as the core names it: relative to the project's root, with `/`; null where it lies on another drive. */
export function toProjectPath(root: string, path: string): string | null {
  const own = relative(root, path);
  return isAbsolute(own) ? null : own.replaceAll("\\", "/");
}
