import type { Answer, Problem, ProblemKind } from "../protocol";

export function answer<T>(value: T): Answer<T> {
  return { ok: true, value };
}

export function refuse(kind: ProblemKind, message: string, place?: Problem["place"]): { ok: false; problem: Problem } {
  return { ok: false, problem: { kind, message, ...(place && { place }) } };
}
