/** Forms of templates that no text of PostgreSQL can hold in their place, whatever stands before them. */
export const template =
  /\{\{[^{}\r\n]*\}\}|\$\{[^{}\r\n]*\}|%\(\w+\)s|@\w+(?::\w+)?@|#\{[^{}\r\n]*\}|[@%]?\{ ?\w[\w.:$-]* ?\}|\$\(\w+\)|<%[=-][^%\r\n]*%>|\$[A-Za-z_]\w*(?=\.["A-Za-z_])/y;

/** Statements and comments of a template's own language around the SQL. */
export const templateCommand = /\{%[^\r\n]*?%\}|\{#[^\r\n]*?#\}/y;

/** Forms that read as operators or open a string, but for where a name or a value is due. */
export const templateOfName =
  /%(?:\d+\$)?[sIL](?![A-Za-z0-9])|%{1,2}[A-Za-z_]\w*%{1,2}|\$[A-Za-z_]\w*\$(?=\.["A-Za-z_])/y;

/** Words after which a name must come: no operator can stand there, nor a string that is quoted by dollars. */
export const beforeNames: ReadonlySet<string> = new Set([
  ...["table", "from", "join", "into", "update", "on", "references", "exists", "only", "view", "schema", "index"],
  ...["sequence", "function", "procedure", "trigger", "type", "copy", "truncate"],
]);

/** SQL Server: a word alone in braces is none of ODBC's escapes (`{d '…'}`, `{oj a …}`). */
export const serverTemplate = /\{\{[^{}\r\n]*\}\}|\$\{[^{}\r\n]*\}|\$\(\w+\)|#?\{\w+\}|\$[A-Za-z_]\w*\$/y;

/** What Management Studio asks for before it runs a text: `<name, type, value>`, where nothing that is compared holds two commas. */
export const serverParameter =
  /<\w+(?: \w+){0,2} *,(?: *\w+(?: *\([\w ,]*\))?)? *,[^<>()\r\n]*(?:\([\w ,]*\)[^<>()\r\n]*)?>/y;

/** SQL Server: a form that reads as the remainder of a division, but for where a name or a value is due. */
export const serverTemplateOfName = /%{1,2}[A-Za-z_]\w*%{1,2}/y;

/** Words of SQL Server after which a name must come. */
export const beforeServerNames: ReadonlySet<string> = new Set([
  ...beforeNames,
  ...[
    "select",
    "where",
    "exec",
    "execute",
    "proc",
    "apply",
    "merge",
    "delete",
    "using",
    "synonym",
    "to",
    "transfer",
    "object",
  ],
]);
