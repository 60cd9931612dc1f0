/** The words that begin a statement of PostgreSQL, as the alternatives of a pattern. */
export const statementWords =
  "abort|alter|analyze|begin|call|checkpoint|close|cluster|comment|commit|copy|create|deallocate|declare|delete|discard|do|drop|end|execute|explain|fetch|grant|import|insert|listen|load|lock|merge|move|notify|prepare|reassign|refresh|reindex|release|reset|revoke|rollback|savepoint|security|select|set|show|start|table|truncate|unlisten|update|vacuum|values|with";

/** Those that seldom begin one inside of a function's body. */
export const definitionWords = "alter|comment|create|drop|grant|revoke";

/** Those that begin one wherever they stand in a line's first column, but for few statements that hold others. */
export const changeWords = `${definitionWords}|delete|insert|merge|truncate|update`;
