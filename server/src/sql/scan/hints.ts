import type { Scan } from "./state";

/** SQL Server's old way to write hints, `from orders (nolock)`. */
export function opensHints(scan: Scan, at: number): boolean {
  return (
    scan.source.dialect === "sqlserver" &&
    tableHints.has(scan.source.words[at + 1] ?? "") &&
    scan.source.words[at + 2] !== "."
  );
}

const tableHints: ReadonlySet<string> = new Set(
  "nolock holdlock index readpast readuncommitted readcommitted repeatableread rowlock serializable snapshot tablock tablockx updlock xlock paglock nowait forceseek forcescan nowait noexpand".split(
    " ",
  ),
);
