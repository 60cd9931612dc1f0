import { type CancellationToken, type Connection, RequestType } from "vscode-languageserver/node";
import type { ClientNotifications, ClientRequests, ServerNotifications, ServerRequests } from "../protocol";
import { inBackground } from "./background";

/** The connection's own requests and notifications, checked against `protocol.ts`. */
export function typed(connection: Connection) {
  // Another editor than ours may tell its user of each notification that it doesn't know.
  let isOurs = false;
  return {
    on<M extends keyof ClientRequests>(
      method: M,
      handler: (params: ClientRequests[M]["params"], token: CancellationToken) => Promise<ClientRequests[M]["result"]>,
    ): void {
      // The library's own type for a result can't be followed through a generic one.
      connection.onRequest<ClientRequests[M]["params"], unknown, unknown>(new RequestType(method), (params, token) => {
        isOurs = true;
        return handler(params, token);
      });
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
    /** Tells a client that has asked for something of ours. */
    notify<M extends keyof ServerNotifications>(method: M, params: ServerNotifications[M]): void {
      if (isOurs) inBackground(connection.sendNotification(method, params));
    },
  };
}
