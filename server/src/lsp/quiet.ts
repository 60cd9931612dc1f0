import { setTimeout } from "node:timers/promises";
import { type CancellationToken, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { Context } from "./context";
import { type DocumentStatements, documentStatements } from "./documents";

/**
 * The document's statements, once its outline or folds are worth telling: an editor asks for them after each key, the answers for a long text are longer
 * than all else, and the next key makes them void. So what is being typed in is told of when the typing rests, and diagnostics go first.
 * @throws ResponseError where the text has changed meanwhile, or nobody waits any more
 */
export async function quietStatements(
  context: Context,
  uri: string,
  token: CancellationToken,
): Promise<DocumentStatements | null> {
  const changed = context.lastChange.get(uri);
  const length = context.documents.get(uri)?.text.length ?? 0;
  if (changed !== undefined && length > longText) {
    const { version } = changed;
    await setTimeout(Math.max(0, changed.at + rest - performance.now()));
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, "Cancelled.");
    if (context.documents.get(uri)?.version !== version)
      throw new ResponseError(LSPErrorCodes.ContentModified, "The text has changed.");
  }
  return documentStatements(context, uri);
}

const longText = 50_000;

/** Milliseconds since the last key, after which someone may want to look at an outline. */
const rest = 300;
