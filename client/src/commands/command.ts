import type { ExtensionState } from "../extensionState";

/**
 * What a command does. Its argument is what VS Code hands over: a row of a view, a code lens's `MigrationArgument`, a file's URI
 * from an editor's title, or nothing from the palette.
 */
export type Command = (state: ExtensionState, argument: unknown) => Promise<void> | void;
