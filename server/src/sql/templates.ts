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
