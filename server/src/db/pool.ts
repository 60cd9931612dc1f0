import type { Session } from "./database";

/** A session with what a pool has to know of it. */
export interface PooledSession {
  readonly session: Session;
  isUsable(): boolean;
  /** Brings the session back to how it was begun; resolves to false where that can't be done. */
  clean(): Promise<boolean>;
  end(): Promise<void>;
}

export interface Pool {
  /** Takes a session in that was opened elsewhere. */
  keep(session: PooledSession): void;
  lend<T>(use: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface PoolOptions {
  connect(): Promise<PooledSession>;
  /** How many sessions may be open at once; who wants one more waits. */
  readonly most: number;
  /** After how many uses a session is replaced. */
  readonly uses: number;
}

/** Lends sessions one user at a time; each comes back clean, or isn't lent again. */
export function createPool({ connect, most, uses }: PoolOptions): Pool {
  const idle: { pooled: PooledSession; uses: number }[] = [];
  const waiting: (() => void)[] = [];
  const lent = new Set<PooledSession>();
  let open = 0;

  const take = async () => {
    while (open - idle.length >= most) await new Promise<void>((free) => waiting.push(free));
    for (let entry = idle.pop(); entry; entry = idle.pop()) {
      if (entry.pooled.isUsable()) return entry;
      open--;
    }
    open++;
    try {
      return { pooled: await connect(), uses: 0 };
    } catch (error) {
      open--;
      throw error;
    }
  };

  const giveBack = async (entry: { pooled: PooledSession; uses: number }) => {
    const { pooled } = entry;
    const used = entry.uses + 1;
    if (pooled.isUsable() && used < uses && (await pooled.clean())) {
      idle.push({ pooled, uses: used });
    } else {
      open--;
      await pooled.end();
    }
  };

  return {
    keep(pooled) {
      open++;
      idle.push({ pooled, uses: 0 });
    },

    async lend(use) {
      const entry = await take();
      lent.add(entry.pooled);
      try {
        return await use(entry.pooled.session);
      } finally {
        lent.delete(entry.pooled);
        await giveBack(entry);
        waiting.shift()?.();
      }
    },

    async close() {
      await Promise.all([...idle.splice(0).map(({ pooled }) => pooled), ...lent].map((pooled) => pooled.end()));
      open = 0;
    },
  };
}
