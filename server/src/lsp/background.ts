/** Lets work go on that nobody waits for. What goes wrong in it is only logged: unheard of, it would end the process, and with it all that works. */
export function inBackground(work: Promise<unknown>): void {
  work.catch((fault: unknown) => console.error(fault));
}
