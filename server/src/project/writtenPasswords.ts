import type { Configuration } from "./configuration";

/** The connections in whose URL a password stands as it is: the file is checked in. */
export function writtenPasswords({ connections }: Configuration): string[] {
  return Object.entries(connections).flatMap(([name, { url }]) => (holdsPassword(url) ? [name] : []));
}

export function passwordMessage(name: string): string {
  return (
    `The password of the connection "${name}" stands in the file, for everybody who can read it. ` +
    `Take it from a variable, which may stand in .env: \`\${env:NAME}\`. Or leave it out: .pgpass gives it, or it is asked for, and VS Code keeps it in its secret storage.`
  );
}

function holdsPassword(url: string): boolean {
  const written = url.replace(/\$\{[^}]*\}/g, "");
  return (
    /:\/\/[^:/?#@\s]*:[^@\s]+@/.test(written) ||
    /(?:^|[?&;\s])(?:password|pwd|sslpassword)\s*=\s*[^;&\s]/i.test(written)
  );
}
