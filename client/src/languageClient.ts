import {
  type CancellationToken,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  l10n,
  Uri,
  workspace,
} from "vscode";
import {
  CloseAction,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  TransportKind,
} from "vscode-languageclient/node";
import type {
  Answer,
  ClientNotifications,
  ClientRequests,
  CodeLensCommand,
  InitializationOptions,
  Problem,
  ServerNotifications,
  ServerRequests,
} from "../../server/src/protocol";

/** The language server, with its own requests typed by the protocol. */
export interface Server extends Disposable {
  start(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** Sends a request. What goes wrong on the way is an answer too; nothing that connects is sent from an untrusted workspace. */
  request<M extends keyof ClientRequests>(
    method: M,
    params: ClientRequests[M]["params"],
    token?: CancellationToken,
  ): Promise<ClientRequests[M]["result"]>;
  notify<M extends keyof ClientNotifications>(method: M, params: ClientNotifications[M]): Promise<void>;
  onNotification<M extends keyof ServerNotifications>(
    method: M,
    handler: (params: ServerNotifications[M]) => void,
  ): Disposable;
  onRequest<M extends keyof ServerRequests>(
    method: M,
    handler: (params: ServerRequests[M]["params"]) => Promise<ServerRequests[M]["result"]>,
  ): Disposable;
  /** Whether it never came up, or has ended, and isn't being started. */
  readonly isDown: boolean;
  /** Tells when the server has come up, the first time and after every restart, and when it is down. */
  onDidChange(handler: (isRunning: boolean) => void): Disposable;
}

/** The server of `dist/server.js` in a process of its own; it is not started yet. */
export function createServer(context: ExtensionContext, log: LogOutputChannel): Server {
  const run = { module: context.asAbsolutePath("dist/server.js"), transport: TransportKind.stdio } as const;
  const client: Client = new Client(
    "tenantry",
    "Tenantry",
    { run, debug: { ...run, options: { execArgv: ["--nolazy", "--inspect=6079"] } } },
    {
      // By name and not by language: other extensions give SQL files a language of their own.
      documentSelector: [
        { scheme: "file", pattern: "**/*.sql" },
        { scheme: "file", pattern: "**/tenantry.json" },
      ],
      outputChannel: log,
      traceOutputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: (...fault) => client.faults.error(...fault),
        closed: () => client.faults.closed(),
      },
      initializationOptions: () => initializationOptions(),
      middleware: {
        provideCodeLenses: async (document, token, next) => {
          if (!workspace.getConfiguration("tenantry", document).get("codeLens", true)) return [];
          const lenses = (await next(document, token)) ?? [];
          return workspace.isTrusted ? lenses : lenses.filter(({ command }) => command?.command !== runCommand);
        },
      },
    },
  );

  const notify = async (method: string, params: unknown): Promise<void> => {
    // A server that is started later is told of nothing that it has no memory of.
    if (!client.isRunning()) return;
    await client.sendNotification(method, params).catch((error) => log.error(`${method}: ${String(error)}`));
  };

  const subscriptions = [workspace.onDidGrantWorkspaceTrust(() => notify("tenantry/trust", { trusted: true }))];

  const request = async (method: string, params: unknown, token?: CancellationToken): Promise<Answer<never>> => {
    if (!workspace.isTrusted && !authoring.has(method)) return { ok: false, problem: untrusted() };
    try {
      return token
        ? await client.sendRequest<Answer<never>>(method, params, token)
        : await client.sendRequest<Answer<never>>(method, params);
    } catch (error) {
      if (token?.isCancellationRequested) return { ok: false, problem: cancelled() };
      log.error(`${method}: ${String(error)}`);
      return { ok: false, problem: unreachable(error) };
    }
  };

  let isBegun = false;
  const start = async () => {
    isBegun = true;
    client.hasComeUp = false;
    await client.start();
    client.hasComeUp = true;
  };

  return {
    start,
    restart: async () => {
      // One that has ended, or never began, can't be stopped.
      if (client.isRunning()) await client.stop();
      await start();
    },
    stop: () => (client.needsStop() ? client.stop() : Promise.resolve()),
    request,
    notify,
    onNotification: (method, handler) => client.onNotification(method, handler),
    onRequest: (method, handler) => client.onRequest<object, never>(method, handler),
    get isDown() {
      return isBegun && isEnd(client.state);
    },
    onDidChange: (handler) =>
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) handler(true);
        else if (isEnd(newState)) handler(false);
      }),
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/**
 * Until the server has come up, what goes wrong is told once, by who has asked for the start: the library would start it
 * again by itself, and tell of each fault in a notification of its own.
 */
class Client extends LanguageClient {
  hasComeUp = false;

  readonly faults: ErrorHandler = this.quietUntilUp(this.createDefaultErrorHandler());

  override error(message: string, data?: unknown, showNotification?: boolean | "force"): void {
    // With data come faults of the library's own attempts to start it again, of which the last is told without.
    super.error(message, data, this.hasComeUp && data === undefined ? showNotification : false);
  }

  private quietUntilUp(usual: ErrorHandler): ErrorHandler {
    return {
      error: async (...fault) => {
        const result = await usual.error(...fault);
        // What can go on needs nobody's attention: a lost connection is told when it is closed.
        return { ...result, handled: result.action === ErrorAction.Continue };
      },
      closed: () => (this.hasComeUp ? usual.closed() : { action: CloseAction.DoNotRestart, handled: true }),
    };
  }
}

function isEnd(state: State): boolean {
  return state === State.Stopped || state === State.StartFailed;
}

/** What is answered from files alone, and so in an untrusted workspace too. */
const authoring: ReadonlySet<string> = new Set<keyof ClientRequests>([
  "tenantry/folders",
  "tenantry/migrations",
  "tenantry/preview",
  "tenantry/newMigration",
  "tenantry/init",
]);

const runCommand: CodeLensCommand = "tenantry.runOnAllTenants";
const codeLensCommands: readonly CodeLensCommand[] = [runCommand, "tenantry.previewSql", "tenantry.showTenants"];

function initializationOptions(): InitializationOptions {
  return { trusted: workspace.isTrusted, credentials: true, codeLensCommands };
}

function untrusted(): Problem {
  return {
    kind: "untrusted",
    message: l10n.t(
      "This workspace isn't trusted, so nothing is connected or run. Trust it first, if you trust its authors.",
    ),
  };
}

function cancelled(): Problem {
  return { kind: "cancelled", message: l10n.t("Cancelled.") };
}

function unreachable(error: unknown): Problem {
  const cause = error instanceof Error ? error.message : String(error);
  return {
    kind: "failed",
    message: l10n.t("Tenantry's language server didn't answer ({0}). See its log, or restart it.", cause),
  };
}

/** A file of the workspace by the URI that the server gave it. */
export function uriOf(uri: string): Uri {
  return Uri.parse(uri, true);
}
