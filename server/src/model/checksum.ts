import { createHash } from "node:crypto";
import type { Span } from "../sql/span";
import type { Directive } from "./directives";

/**
 * SHA-256 in hex over the up part, line ends as LF and directives left out, so that neither `autocrlf` nor an added
 * `ignore` is an edit. A directive on a line of its own takes the line with it.
 */
export function checksum(text: string, up: Span, directives: readonly Directive[]): string {
  const hash = createHash("sha256");
  let position = up.start;
  for (const directive of directives) {
    if (directive.start < up.start || directive.end > up.end) continue;
    const cut = directiveLine(text, directive, up);
    hash.update(normalise(text.slice(position, cut.start)));
    position = cut.end;
  }
  hash.update(normalise(text.slice(position, up.end)));
  return hash.digest("hex");
}

/** What is left out for a directive: its comment and the space before it, and the line's end where nothing else is on the line. */
function directiveLine(text: string, directive: Directive, up: Span): Span {
  let start = text.lastIndexOf("--", directive.start);
  while (start > up.start && /[ \t]/.test(text[start - 1] ?? "")) start--;
  const lineEnd = text.indexOf("\n", directive.end);
  const wholeLine = start === up.start || text[start - 1] === "\n";
  const end = lineEnd === -1 || lineEnd >= up.end ? up.end : lineEnd;
  if (wholeLine) return { start, end: Math.min(end + 1, up.end) };
  return { start, end: text[end - 1] === "\r" ? end - 1 : end };
}

function normalise(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
}
