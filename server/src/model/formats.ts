/** The conventions by which other tools name and divide their migration files. */
export const formats = ["plain", "dbmate", "golang-migrate", "goose", "flyway", "prisma", "supabase"] as const;

export type Format = (typeof formats)[number];

/** What a file's name says; an `undo` file holds the way down, which is never run. */
export type FileName =
  | { readonly kind: "versioned"; readonly version: string; readonly name: string }
  | { readonly kind: "repeatable"; readonly name: string }
  | { readonly kind: "undo" };

/** Reads a path by a convention, or by whichever one fits; null where the name is no migration's. */
export function readFileName(path: string, format: Format | "auto"): FileName | null {
  const parts = path.split("/");
  const file = parts.at(-1) ?? "";
  const folder = parts.at(-2) ?? "";
  switch (format) {
    case "flyway":
      return readFlyway(file);
    case "prisma":
      return readPrisma(folder, file);
    case "golang-migrate":
      return readPair(file);
    case "plain":
    case "supabase":
    case "dbmate":
    case "goose":
      return readPlain(file);
    case "auto":
      return readFlyway(file) ?? readPair(file) ?? readPlain(file) ?? readPrisma(folder, file);
  }
}

/** How a migration of each convention is called, for messages. */
export const exampleName: Readonly<Record<Format | "auto", string>> = {
  plain: "0007_add_orders.sql",
  supabase: "20261123101500_add_orders.sql",
  dbmate: "20261123101500_add_orders.sql",
  goose: "20261123101500_add_orders.sql",
  "golang-migrate": "0007_add_orders.up.sql",
  flyway: "V7__add_orders.sql",
  prisma: "20261123101500_add_orders/migration.sql",
  auto: "0007_add_orders.sql",
};

function readPlain(file: string): FileName | null {
  const date = /^(\d{4})([-_])(\d\d)\2(\d\d)(?:[-_T](\d{4,6}))?[-_. ]+(.*)\.sql$/i.exec(file);
  if (date !== null) {
    const version = [date[1], date[3], date[4], date[5]].filter((part) => part !== undefined).join(".");
    return { kind: "versioned", version, name: date[6] ?? "" };
  }
  return readDigits(/^(.*)\.sql$/i.exec(file)?.[1]);
}

function readPair(file: string): FileName | null {
  if (/\.down\.sql$/i.test(file)) return { kind: "undo" };
  return readDigits(/^(.*)\.up\.sql$/i.exec(file)?.[1]);
}

function readPrisma(folder: string, file: string): FileName | null {
  return file === "migration.sql" ? readDigits(folder) : null;
}

/** Flyway lets `_` stand for the dots of a version. */
function readFlyway(file: string): FileName | null {
  const versioned = /^([VU])(\d+(?:[._]\d+)*)__(.*)\.sql$/.exec(file);
  if (versioned !== null) {
    const [, prefix, version = "", name = ""] = versioned;
    return prefix === "U" ? { kind: "undo" } : { kind: "versioned", version: version.replaceAll("_", "."), name };
  }
  const repeatable = /^R__(.*)\.sql$/.exec(file);
  return repeatable === null ? null : { kind: "repeatable", name: repeatable[1] ?? "" };
}

function readDigits(stem: string | undefined): FileName | null {
  const match = stem === undefined ? null : /^(\d+(?:\.\d+)*)(?:[-_. ]+(.*))?$/.exec(stem);
  return match === null ? null : { kind: "versioned", version: match[1] ?? "", name: match[2] ?? "" };
}
