export { resetFlags } from "./runtime/flags";

/** The parts of the one bundle, each for its entry point; a part is made ready when it is asked for. */
export const commandLine = () => import("./cli/main");
export const languageServer = () => import("./lsp/connection");
