/** What keeps the engine from working at all, told for people and with the way out; a tenant's failure is a value instead. */
export class EngineError extends Error {
  override readonly name: string = "EngineError";
}

/** The tenants can't be listed: the configured query fails or gives no names. */
export class TenantsError extends EngineError {
  override readonly name = "TenantsError";
}

/** Another run is going on in this database. */
export class RunInProgressError extends EngineError {
  override readonly name = "RunInProgressError";
}
