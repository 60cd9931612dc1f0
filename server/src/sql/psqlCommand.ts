/** Whether a psql command sends what was typed before it, as a `;` does: `\g`, `\gx`, `\watch` and their kin. */
export function sendsStatement(command: string): boolean {
  return /^\\(?:g|crosstabview|watch|;)/.test(command);
}

/** Whether a psql command throws away what was typed since the last end. */
export function clearsStatement(command: string): boolean {
  return /^\\r(?:eset)?(?!\w)/.test(command);
}
