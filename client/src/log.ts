import { type LogOutputChannel, window } from "vscode";
import { redact } from "./text/redact";

/** The extension's one output channel, *Tenantry*; nothing that is written to it holds a password. */
export function createLog(): LogOutputChannel {
  const channel = window.createOutputChannel("Tenantry", { log: true });
  return {
    name: channel.name,
    get logLevel() {
      return channel.logLevel;
    },
    onDidChangeLogLevel: channel.onDidChangeLogLevel,
    trace: (message, ...values) => channel.trace(redact(message), ...values.map(clean)),
    debug: (message, ...values) => channel.debug(redact(message), ...values.map(clean)),
    info: (message, ...values) => channel.info(redact(message), ...values.map(clean)),
    warn: (message, ...values) => channel.warn(redact(message), ...values.map(clean)),
    error: (error, ...values) => channel.error(redact(String(error)), ...values.map(clean)),
    append: (value) => channel.append(redact(value)),
    appendLine: (value) => channel.appendLine(redact(value)),
    replace: (value) => channel.replace(redact(value)),
    clear: () => channel.clear(),
    show: (first?: unknown, second?: unknown) => channel.show((second ?? first) === true),
    hide: () => channel.hide(),
    dispose: () => channel.dispose(),
  };
}

function clean(value: unknown): string {
  return redact(typeof value === "string" ? value : (JSON.stringify(value) ?? String(value)));
}
