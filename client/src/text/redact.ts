/** Takes the passwords out of a text that may hold connection URLs, ADO strings or traced messages. */
export function redact(text: string): string {
  return patterns.reduce((result, pattern) => result.replace(pattern, "$1***$2"), text);
}

/** A connection URL without its password, and the password; null where it holds none. */
export function splitPassword(url: string): { url: string; password: string | null } {
  const match = encodedLogin.exec(url) ?? plainLogin.exec(url);
  if (!match) return { url, password: null };
  const [, head = "", password = "", tail = ""] = match;
  return { url: `${head}@${tail}`, password: password === "" ? null : decode(password) };
}

const encodedLogin = /^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):([^/?#]*)@(.*)$/is;

/** With a password as it is, whose `/`, `?` or `#` nobody has encoded; what looks like a port is one. */
const plainLogin = /^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):(?!\d{1,5}[/?#])(.*)@(.*)$/is;

const patterns = [
  // scheme://user:password@host; better a host too much than a password too few
  /([a-z][a-z0-9+.-]*:\/\/[^\s/?#@:"']*:)[^\s"']*(@)/gi,
  // Password=…; of an ADO string, password=…& of a URL
  /(\b(?:password|pwd)\s*=\s*)(?:"[^"]*"|'[^']*'|[^;&"'\r\n]+)()/gi,
  // "password": "…" of a traced message
  /("(?:password|pwd)"\s*:\s*")(?:[^"\\]|\\.)*(")/gi,
];

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
