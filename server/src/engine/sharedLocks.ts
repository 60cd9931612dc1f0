import { changesOf } from "../model/changes";
import type { Migration } from "../model/migration";
import type { Settings } from "../model/settings";
import type { AnalysedStatement, ForeignKey, QualifiedName } from "../sql/facts";
import { lex } from "../sql/lexer";
import type { SharedLock } from "./events";

/**
 * The tenants' foreign keys to shared tables, followed through the history. Adding one locks the shared table against
 * writing; dropping or retyping one locks it against everything.
 */
export class SharedReferences {
  readonly #settings: Settings;
  readonly #keys = new Map<string, ForeignKey[]>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Takes up the next migration of the history. @returns the locks that it needs, ordered by table, each in the strongest mode */
  follow(migration: Migration, statements: readonly AnalysedStatement[]): SharedLock[] {
    if (migration.scope === "public") return [];
    const locks: SharedLock[] = [];
    for (const statement of statements) {
      for (const key of statement.facts.foreignKeys) {
        if (!this.#isShared(key.to)) continue;
        locks.push({ table: key.to.name, mode: "SHARE ROW EXCLUSIVE" });
        const owner = key.from.name;
        this.#keys.set(owner, [...(this.#keys.get(owner) ?? []), key]);
      }
      for (const key of this.#touchedBy(migration, statement))
        locks.push({ table: key.to.name, mode: "ACCESS EXCLUSIVE" });
      this.#rename(migration, statement);
    }
    return mergeLocks(locks);
  }

  #isShared(table: QualifiedName): boolean {
    if (table.schema !== null) return table.schema === this.#settings.publicSchema;
    return this.#settings.publicTables.includes(table.name);
  }

  #touchedBy(migration: Migration, statement: AnalysedStatement): ForeignKey[] {
    const { facts } = statement;
    const dropped = facts.tables.filter((table) => table.use === "drop").flatMap((table) => this.#take(table.name));
    if (facts.kind !== "ALTER TABLE") return dropped;
    const table = facts.tables.find(({ use }) => use === "alter");
    const keys = table === undefined ? [] : (this.#keys.get(table.name) ?? []);
    if (keys.length === 0) return dropped;
    const words = wordsOf(migration.text.slice(statement.start, statement.end), this.#settings);
    if (!words.has("drop") && !words.has("type")) return dropped;
    return [...dropped, ...keys.filter((key) => namesOf(key).some((name) => words.has(name)))];
  }

  #take(table: string): ForeignKey[] {
    const keys = this.#keys.get(table) ?? [];
    this.#keys.delete(table);
    return keys;
  }

  #rename(migration: Migration, statement: AnalysedStatement): void {
    for (const change of changesOf(migration.text, statement, this.#settings.dialect)) {
      if (change.kind !== "move" || change.toName === null) continue;
      const keys = this.#take(change.name);
      if (keys.length > 0) this.#keys.set(change.toName, keys);
    }
  }
}

/** One lock for each table, in the strongest mode that is asked for; ordered by table, so that all workers ask in one order. */
export function mergeLocks(locks: Iterable<SharedLock>): SharedLock[] {
  const strongest = new Map<string, SharedLock>();
  for (const lock of locks) {
    if (lock.mode === "ACCESS EXCLUSIVE" || !strongest.has(lock.table)) strongest.set(lock.table, lock);
  }
  return [...strongest.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
}

/** What a statement would say to drop or retype the key: its columns, its name, or the name that the server gave it. */
function namesOf(key: ForeignKey): string[] {
  return [...key.columns, key.constraint ?? `${key.from.name}_${key.columns.join("_")}_fkey`];
}

function wordsOf(text: string, settings: Settings): ReadonlySet<string> {
  const words = new Set<string>();
  for (const token of lex(text, settings.dialect)) {
    const word = text.slice(token.start, token.end);
    if (token.kind === "word") words.add(word.toLowerCase());
    if (token.kind === "quoted-identifier") words.add(word.slice(1, -1).replaceAll('""', '"'));
  }
  return words;
}
