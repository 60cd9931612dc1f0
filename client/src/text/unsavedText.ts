import { firstOf, type Translate } from "./translate";

/** What is asked where files that decide what is run aren't saved. @param files at least one */
export function unsavedText(files: readonly string[], t: Translate): { question: string; detail: string } {
  const rule = t("A run takes files as they are saved.");
  const [file] = files;
  if (files.length === 1) return { question: t("{0} has changes that aren't saved.", String(file)), detail: rule };
  return {
    question: t("{0} files have changes that aren't saved.", files.length),
    detail: `${firstOf(files, 5, t)}\n\n${rule}`,
  };
}
