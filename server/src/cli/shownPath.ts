import { isAbsolute, relative, resolve, sep } from "node:path";
import { visibleInLine } from "./text";

/** A file's path as seen from the current folder, so that a terminal can open it; one outside of it stays absolute. */
export function shownPath(root: string, path: string): string {
  const absolute = resolve(root, path);
  const seen = relative("", absolute);
  return seen.startsWith("..") || isAbsolute(seen) || seen === "" ? absolute : seen.split(sep).join("/");
}

/** `file:line:column`, as far as they are known. */
export function placeText(
  root: string,
  {
    file,
    line,
    column,
  }: { readonly file?: string | null; readonly line?: number | null; readonly column?: number | null },
): string | null {
  if (file === null || file === undefined) {
    return null;
  }
  return [visibleInLine(shownPath(root, file)), line, column]
    .filter((part) => part !== null && part !== undefined)
    .join(":");
}
