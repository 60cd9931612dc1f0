import type { Session } from "./database";

/** A session with what a pool has to know of it. */
export interface PooledSession {
  readonly session: Session;
  isUsable(): boolean;
  /** How many calls it has served. */
  calls(): number;
  /** Whether a transaction is open in it. */
  isBusy(): boolean;
  /** Brings the session back to how it was begun, in front of whatever is called next; where that can't be done, it breaks. */
  clean(): void;
  end(): Promise<void>;
}

export interface Pool {
  /** Takes a session in that was opened elsewhere. */
  keep(session: PooledSession): void;
  lend<T>(use: (session: Session) => Promise<T>): Promise<T>;
  /** Opens sessions until there are as many, beside what is done meanwhile. */
  ready(sessions: number): void;
  close(): Promise<void>;
}

export interface PoolOptions {
  connect(): Promise<PooledSession>;
  /** How many sessions may be open at once; who wants one more waits. */
  readonly most: number;
  /** After how many calls a session isn't lent again. */
  readonly calls: number;
}

/**
 * Lends sessions one user at a time; each is clean when it is lent. A session that comes back is cleaned when it is wanted again,
 * as most commands borrow only once; what it may hold against others, a transaction, goes at once.
 */
export function createPool({ connect, most, calls }: PoolOptions): Pool {
  const idle: PooledSession[] = [];
  const waiting: (() => void)[] = [];
  const lent = new Set<PooledSession>();
  let open = 0;
  /** How many are being opened beforehand, and how many wait for one of them or for one that is lent. */
  let opening = 0;
  let expecting = 0;
  let closed = false;

  const wake = () => waiting.shift()?.();
  const isToWait = () => open - idle.length >= most || (idle.length === 0 && expecting < opening);

  const take = async () => {
    while (isToWait()) {
      expecting++;
      await new Promise<void>((free) => waiting.push(free));
      expecting--;
    }
    for (let pooled = idle.pop(); pooled; pooled = idle.pop()) {
      if (pooled.isUsable()) {
        if (pooled.calls() > 0) pooled.clean();
        return pooled;
      }
      open--;
      await pooled.end();
    }
    open++;
    try {
      return await connect();
    } catch (error) {
      open--;
      wake();
      throw error;
    }
  };

  const giveBack = async (pooled: PooledSession) => {
    // One that was being opened when all were closed would hold the process.
    if (!closed && pooled.isUsable() && pooled.calls() < calls && !pooled.isBusy()) {
      idle.push(pooled);
    } else {
      open--;
      await pooled.end();
    }
  };

  return {
    keep(pooled) {
      open++;
      idle.push(pooled);
    },

    async lend(use) {
      const pooled = await take();
      lent.add(pooled);
      try {
        return await use(pooled.session);
      } finally {
        lent.delete(pooled);
        await giveBack(pooled);
        wake();
      }
    },

    ready(sessions) {
      const openOne = async () => {
        try {
          const pooled = await connect();
          if (closed) await pooled.end();
          else idle.push(pooled);
        } catch {
          // Whoever wants it tries again, and is told why it can't be opened.
          open--;
        }
        opening--;
        wake();
      };
      for (; open < Math.min(sessions, most); open++) {
        opening++;
        void openOne();
      }
    },

    async close() {
      closed = true;
      await Promise.all([...idle.splice(0), ...lent].map((pooled) => pooled.end()));
      open = 0;
    },
  };
}
