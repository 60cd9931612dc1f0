import { hostname, userInfo } from "node:os";

/** Who does something to a database, and from where, as it is recorded; both fit their columns. */
export function author(): { readonly host: string; readonly user: string } {
  return { host: hostname().slice(0, 255), user: userName() };
}

function userName(): string {
  try {
    return userInfo().username.slice(0, 255);
  } catch {
    return "unknown";
  }
}
