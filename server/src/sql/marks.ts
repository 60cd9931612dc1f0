/** What comments hold that mean something to us or to another tool, as a pattern; most texts hold none of it. */
export const marks = String.raw`tenantry:|migrate:|\+goose|\+migrate|down\s+migration|drop below|@undo`;
