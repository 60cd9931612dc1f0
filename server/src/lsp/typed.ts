import { type CancellationToken, type Connection, RequestType } from "vscode-languageserver/node";
import type { ClientNotifications, ClientRequests, ServerNotifications, ServerRequests } from "../protocol";
import { inBackground } from "./background";

/** The connection's own requests and notifications, checked against `protocol.ts`. */
export function typed(connection: Connection) {
  return {
    on<M extends keyof ClientRequests>(
      method: M,
      handler: (params: ClientRequests[M]["params"], token: CancellationToken) => Promise<ClientRequests[M]["result"]>,
    ): void {
      // The library's own type for a result can't be followed through a generic one.
      connection.onRequest<ClientRequests[M]["params"], unknown, unknown>(new RequestType(method), handler);
    },
    onNotification<M extends keyof ClientNotifications>(
      method: M,
      handler: (params: ClientNotifications[M]) => void,
    ): void {
      connection.onNotification(method, handler);
    },
    ask<M extends keyof ServerRequests>(
      method: M,
      params: ServerRequests[M]["params"],
    ): Promise<ServerRequests[M]["result"]> {
      return connection.sendRequest(method, params);
    },
    notify<M extends keyof ServerNotifications>(method: M, params: ServerNotifications[M]): void {
      inBackground(connection.sendNotification(method, params));
    },
  };
}
