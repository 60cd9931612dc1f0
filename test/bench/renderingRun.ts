import { lex } from "../../server/src/sql/lexer";
import { lineIndex } from "../../server/src/sql/lineIndex";
import { prepareRender, type RenderRefusal } from "../../server/src/sql/render";
import { startPostgres } from "../support/postgres";
import { type Executed, executeHistory } from "./renderingExecute";
import { type PrototypeFile, prototypeFiles, renderOptions } from "./renderingFiles";

export interface RenderingOptions {
  /** Whether each refused place is told. */
  readonly refusals: boolean;
  readonly execute: boolean;
  readonly server: string | undefined;
}

type Print = (line: string) => void;

/** The names of the tenants that each file is rendered for; no text of a file holds one by chance. */
export const tenants = ["acme_4711", `Ac"me.x; drop schema "public" --'`];

/**
 * Renders the files of each folder, of which each is a history, for tenants, tells how many are proven and why the others are not, and runs
 * what can be proven.
 * @returns how many renderings were wrong
 */
export async function measureRendering(
  folders: readonly string[],
  options: RenderingOptions,
  print: Print,
): Promise<number> {
  const own = options.execute && options.server === undefined ? await startPostgres({ fsync: "off" }) : null;
  const server = own?.url ?? options.server ?? "";
  const reasons = new Map<string, Reason>();
  let wrong = 0;
  try {
    for (const folder of folders) {
      const files = await prototypeFiles(folder);
      await countRefusals(folder, files, reasons, options, print);
      if (!options.execute) continue;
      const executed = await executeHistory(server, files, tenants);
      for (const fault of executed.faults) print(`  WRONG ${fault}`);
      print(`  ${told(executed)}`);
      wrong += executed.faults.length;
    }
  } finally {
    await own?.stop();
  }
  print("why statements are refused (statements, files):");
  for (const [reason, { statements, files }] of [...reasons].sort((a, b) => b[1].statements - a[1].statements))
    print(`  ${String(statements).padStart(6)} ${String(files.size).padStart(5)}  ${reason}`);
  return wrong;
}

interface Reason {
  statements: number;
  readonly files: Set<string>;
}

async function countRefusals(
  folder: string,
  files: readonly PrototypeFile[],
  reasons: Map<string, Reason>,
  options: RenderingOptions,
  print: Print,
): Promise<void> {
  const count = { naming: 0, proven: 0, statements: 0, refused: 0, places: 0 };
  for (const { name, text, statements } of files) {
    const { template, refusals } = await prepareRender(text, statements, renderOptions);
    if (refusals.length > 0 || (template?.slots.length ?? 0) > 0) count.naming++;
    if (template !== null && template.slots.length > 0) count.proven++;
    count.places += template?.slots.length ?? 0;
    count.statements += statements.length;
    const byStatement = new Map(refusals.map((refusal) => [refusal.statement.start, refusal]));
    count.refused += byStatement.size;
    for (const refusal of byStatement.values()) {
      const key = `${refusal.reason} ${placeOf(text, refusal)}`;
      const reason = reasons.get(key) ?? { statements: 0, files: new Set() };
      reason.statements++;
      reasons.set(key, { ...reason, files: reason.files.add(`${folder}/${name}`) });
    }
    if (options.refusals) for (const refusal of refusals) print(`${folder}/${name}:${where(text, refusal)}`);
  }
  print(
    `${folder}: ${files.length} files; ${count.naming} name the prototype, ${count.proven} of these proven (${count.places} places);`,
  );
  print(`  ${count.statements} statements, ${count.refused} refused`);
}

function where(text: string, { start, end, reason }: RenderRefusal): string {
  const { line, character } = lineIndex(text).positionAt(start);
  return `${line + 1}:${character + 1}: ${reason} ${JSON.stringify(text.slice(start, end).slice(0, 100))}`;
}

/** What the refused part belongs to, so that what has one cause is counted as one. */
function placeOf(text: string, { statement, start }: RenderRefusal): string {
  const before = text.slice(statement.start, start);
  const words = lex(before, "postgresql")
    .filter(({ kind }) => kind !== "space" && kind !== "comment")
    .map((token) => before.slice(token.start, token.end).toLowerCase());
  const kind = words.slice(0, 2).join(" ");
  if (/\$\w*\$|^'.*\n/s.test(words.at(-1) ?? "") || words.some((word) => word.startsWith("$"))) return "(in a body)";
  if (kind.startsWith("comment")) return "(a comment's text)";
  let depth = 0;
  for (let at = words.length - 1; at > 0; at--) {
    if (words[at] === ")") depth++;
    if (words[at] !== "(") continue;
    if (depth-- > 0) continue;
    return /^[\w"]+$/.test(words[at - 1] ?? "") ? `(an argument of ${words[at - 1]})` : `(${kind})`;
  }
  return `(${kind})`;
}

function told({ files, ran, statements, notRun, compared, faults }: Executed): string {
  return `${ran} of ${files} files run on a server (${statements} statements; ${notRun} refused or failing on the prototype left out) for ${tenants.length} tenants; catalogs compared ${compared} times, ${faults.length} differences`;
}
