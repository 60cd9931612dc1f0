/** Replaces every password in URLs and ADO connection strings by `***`; better a host too much than a password too few. */
export function redactUrl(text: string): string {
  return text
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/?#@\s]*):.*@/is, "$1:***@")
    .replace(/(:\/\/[^:/?#@\s]*):\S*@/g, "$1:***@")
    .replace(
      /([?&;\s]|^)(password|pwd|sslpassword)\s*=\s*((?:"[^"]*")+|(?:'[^']*')+|\{(?:[^}]|\}\})*\}|[^;&\s]*)/gi,
      "$1$2=***",
    );
}
