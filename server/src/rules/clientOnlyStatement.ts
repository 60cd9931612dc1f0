import type { Rule, TextRule } from "./rule";

export const clientOnlyStatement: Rule & TextRule = {
  id: "client-only-statement",
  severity: "error",
  summary: "A command that only psql or sqlcmd carries out.",
  looksAt: { kinds: /^(?:COPY|UNKNOWN)\b/ },

  *check({ settings: { dialect }, statement: { facts }, statementText }) {
    if (dialect !== "postgresql" || !copyFromClient.test(statementText)) return;
    const message =
      "COPY … FROM STDIN waits for rows from the client, and a run sends SQL only: it would fail here. Write INSERT in its place.";
    yield { ...facts.keyword, message };
  },

  *checkText({ text, up }, asides, dialect) {
    const { command, client } = clients[dialect];
    for (const { kind, start, end } of asides) {
      if (kind !== "line-command" || start < up.start || end > up.end) continue;
      const line = text.slice(start, end);
      const word = command.exec(line)?.[0];
      // The rows after COPY are the client's too, but it is COPY that is reported.
      if (word === undefined || line.endsWith("\\.")) continue;
      const message = `${word} is a command of ${client}, which no server understands: a run would fail here. Take it out.`;
      yield { start, end: start + word.length, message };
    }
  },
};

const copyFromClient = /^copy\b[^;]*?\sfrom\s+stdin\b/i;

const clients = {
  postgresql: { client: "psql", command: /^\\(?:;|\S+)/ },
  // GO is no command for the server either, but it divides batches, and a run divides them itself.
  sqlserver: { client: "sqlcmd", command: /^(?::|!!)\S*/ },
} as const;
