/** What the process says by its exit code; scripts and CI rely on these numbers. */
export const exitCodes = {
  done: 0,
  /** Error diagnostics, tenant failures, or a plan refused because of files, history or another run. */
  problems: 1,
  /** Wrong use or configuration. */
  usage: 2,
  /** Could not connect, or the embedded folder is held by another process. */
  connection: 3,
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
