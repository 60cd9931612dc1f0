/** What came of a message of several statements. */
export interface ScriptAnswer {
  /** The rows of the last statement that returned any. */
  readonly rows: readonly object[];
  /** How many statements were completed. */
  readonly completed: number;
  /** What the driver says went wrong, or null. */
  readonly error: unknown;
}

/** Makes a value of a type, by its OID, from the server's text. */
export type ParserOf = (type: number) => (text: string) => unknown;

/**
 * A message of several statements, in the form in which the driver takes queries that aren't its own. Of most statements nothing
 * but the end is looked at, where the driver's own query makes a result of each.
 * @param settle is called as soon as it is over
 */
export function scriptQuery(sql: string, parserOf: ParserOf, settle: (answer: ScriptAnswer) => void) {
  let completed = 0;
  let columns: readonly Column[] = [];
  let rows: Row[] = [];
  let sent = false;
  return {
    isSent: () => sent,
    /** The driver calls it when the connection is free; by then it may have been sent ahead. */
    submit(connection: object) {
      if (!sent) (connection as Connection).query(sql);
      sent = true;
    },
    handleRowDescription({ fields }: { readonly fields: readonly Column[] }) {
      columns = fields;
      rows = [];
    },
    handleDataRow({ fields }: { readonly fields: Row }) {
      rows.push(fields);
    },
    handleCommandComplete() {
      completed++;
    },
    handleEmptyQuery: () => undefined,
    handlePortalSuspended: () => undefined,
    handleCopyInResponse: (connection: object) =>
      (connection as Connection).sendCopyFail("No rows come with a script."),
    handleCopyData: () => undefined,
    handleError: (error: unknown) => settle({ rows: [], completed, error }),
    handleReadyForQuery: () => settle({ rows: parse(columns, rows, parserOf), completed, error: null }),
  };
}

/** What the driver's connection has that a query needs. */
export interface Connection {
  query(sql: string): void;
  sendCopyFail(reason: string): void;
}

interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}

type Row = readonly (string | null)[];

function parse(columns: readonly Column[], rows: readonly Row[], parserOf: ParserOf): object[] {
  const readers = columns.map(({ name, dataTypeID }) => ({ name, read: parserOf(dataTypeID) }));
  return rows.map((row) =>
    Object.fromEntries(
      readers.map(({ name, read }, index) => {
        const text = row[index] ?? null;
        return [name, text === null ? null : read(text)];
      }),
    ),
  );
}
