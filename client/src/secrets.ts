import { l10n, type Memento, type SecretStorage, window, workspace } from "vscode";
import type { CredentialAnswer, CredentialRequest } from "../../server/src/protocol";

/** Passwords, kept in the editor's secret storage under the text that says where they are sent. */
export interface Secrets {
  /** Answers the language server: what is kept, or what the user types now. Null in an untrusted workspace. */
  answer(request: CredentialRequest): Promise<CredentialAnswer>;
  /** Does something without a box popping up: while it goes on, only passwords that are kept are given. */
  quietly<T>(work: () => Promise<T>): Promise<T>;
  /** Asks for a password and keeps it; gives false where the user gave up. */
  ask(label: string): Promise<boolean>;
  keep(label: string, password: string): Promise<void>;
  forget(label: string): Promise<void>;
  /** The labels that a password is kept for. */
  labels(): readonly string[];
}

export function createSecrets(storage: SecretStorage, memory: Memento): Secrets {
  let quiet = 0;
  const open = new Map<string, Promise<string | null>>();
  // Secret storage can't be listed, so the labels (no passwords) are remembered beside it.
  const labels = () => memory.get<readonly string[]>(labelsKey, []);

  const keep = async (label: string, password: string) => {
    await storage.store(keyOf(label), password);
    await memory.update(labelsKey, [...new Set([...labels(), label])]);
  };

  const forget = async (label: string) => {
    await storage.delete(keyOf(label));
    await memory.update(
      labelsKey,
      labels().filter((known) => known !== label),
    );
  };

  const askAndKeep = async (label: string, retry: boolean): Promise<string | null> => {
    const password = await prompt(label, retry);
    if (password !== null) await keep(label, password);
    return password;
  };

  /** One input box for all who ask for the same password at the same time. */
  const askOnce = (label: string, retry: boolean): Promise<string | null> => {
    const asked = open.get(label) ?? askAndKeep(label, retry).finally(() => open.delete(label));
    open.set(label, asked);
    return asked;
  };

  return {
    answer: async ({ label, retry }) => {
      if (!workspace.isTrusted) return { password: null };
      const kept = retry ? undefined : await storage.get(keyOf(label));
      if (kept !== undefined) return { password: kept };
      return { password: quiet > 0 ? null : await askOnce(label, retry) };
    },
    quietly: async (work) => {
      quiet += 1;
      try {
        return await work();
      } finally {
        quiet -= 1;
      }
    },
    ask: async (label) => (await askOnce(label, false)) !== null,
    keep,
    forget,
    labels,
  };
}

const labelsKey = "passwords of";

function keyOf(label: string): string {
  return `password of ${label}`;
}

async function prompt(label: string, retry: boolean): Promise<string | null> {
  const password = await window.showInputBox({
    title: l10n.t("Password for {0}", label),
    prompt: retry
      ? l10n.t("The password was refused. Enter it again; it is kept in the editor's secret storage.")
      : l10n.t("It is kept in the editor's secret storage; Tenantry: Forget Password removes it."),
    password: true,
    ignoreFocusOut: true,
  });
  return password ?? null;
}
