import { UsageError } from "../../app/usageError";
import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { unlessAborted } from "../interrupt";
import type { Verb } from "../verb";

export const lsp: Verb = {
  usage: "lsp",
  group: "For editors:",
  summary: "the language server, for any editor",
  description: "Speaks the Language Server Protocol over standard input and output until the editor says exit.",
  flags: [flags.stdio],
  allowsUnknownFlags: true,
  examples: [["tenantry lsp --stdio", "what to set as the server's command in an editor"]],
  async run({ interrupt }) {
    // The library that speaks the protocol looks for its transport among the process's own arguments.
    const other = process.argv.find((word) => /^--(?:node-ipc|socket|pipe)(?:=|$)/.test(word));
    if (other !== undefined) {
      throw new UsageError(
        `The language server speaks over standard input and output alone: leave ${other} out, or say --stdio.`,
      );
    }
    if (!process.argv.includes("--stdio")) process.argv.push("--stdio");
    const { serve } = await import("../../lsp/connection");
    await unlessAborted(interrupt.stop, serve());
    return exitCodes.done;
  },
};
