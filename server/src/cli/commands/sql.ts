import { resolve } from "node:path";
import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { unlessAborted } from "../interrupt";
import { withDatabase } from "../opening";
import { placeText } from "../shownPath";
import { visible, width } from "../text";
import type { Verb } from "../verb";

export const sql: Verb = {
  usage: "sql <file>",
  group: "Run migrations:",
  summary: "run a file once, as it stands, outside of the history",
  description:
    "For what no migration does, such as filling a sandbox with sample tenants: the embedded database has no psql.\nThe rows of the last statement are shown.",
  arguments: { file: "an SQL file" },
  flags: [flags.connection, flags.confirm, flags.format, flags.config],
  examples: [["tenantry sql seed.sql", "on the default connection"]],
  async run(call) {
    const { readSource } = await import("../../project/files");
    const file = resolve(call.arguments[0] ?? "");
    const text = (await readSource(file)).replace(/^\uFEFF/, "");
    return withDatabase(call, { command: "sql", purpose: "change" }, async (target) => {
      const { runFile } = await import("../../app/runFile");
      const result = await unlessAborted(call.interrupt.stop, runFile(target, text));
      if ("refusal" in result) {
        const { message, line, column } = result.refusal;
        call.terminal.note(`tenantry: ${placeText("", { file, line, column })}: ${visible(message)}`);
        return exitCodes.problems;
      }
      const { rows } = result;
      if (call.flags.format === "json") {
        call.terminal.line(JSON.stringify(rows));
      } else if (rows.length > 0) {
        call.terminal.line(rowsText(rows));
      }
      return exitCodes.done;
    });
  },
};

function cellText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function rowsText(rows: readonly Record<string, unknown>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => visible(cellText(row[column]))))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => width(line[index] ?? ""))));
  return cells
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
