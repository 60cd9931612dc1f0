import { Interrupted } from "./interrupt";
import type { Call } from "./verb";

/** Asks the person at the terminal; without one, or with `--yes`, it is agreed. @throws Interrupted where it isn't */
export async function agreed(question: string, { flags, terminal, interrupt }: Call): Promise<void> {
  if (flags.yes === true || !terminal.interactive) return;
  const answer = await terminal.ask(`${question} [y/N] `, interrupt.stop);
  if (answer === null || !/^y(es)?$/i.test(answer.trim())) {
    throw new Interrupted();
  }
}
