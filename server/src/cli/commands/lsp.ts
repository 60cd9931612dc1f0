import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import type { Verb } from "../verb";

export const lsp: Verb = {
  usage: "lsp",
  group: "For editors:",
  summary: "the language server, for any editor",
  description: "Speaks the Language Server Protocol over standard input and output until the editor says exit.",
  flags: [flags.stdio],
  examples: [["tenantry lsp --stdio", "what to set as the server's command in an editor"]],
  async run() {
    const { serve } = await import("../../lsp/connection");
    await serve();
    return exitCodes.done;
  },
};
