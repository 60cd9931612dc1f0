import type { PreparedPlan } from "../app/plan";
import type { LeftOut } from "../engine/plan";
import { agreed } from "./agreed";
import type { Control } from "./control";
import { type ExitCode, exitCodes } from "./exitCodes";
import { flags } from "./flags";
import { unlessAborted } from "./interrupt";
import { createLines } from "./lines";
import { askState, withDatabase } from "./opening";
import { compileForOneUse, soonerOptimising } from "./readOnce";
import { refusedCode, selectionOf } from "./selection";
import { shownOn } from "./shownRun";
import { count, few, nameText, visible } from "./text";
import type { Call } from "./verb";

export const runFlags = [
  flags.connection,
  flags.tenants,
  flags.to,
  flags.yes,
  flags.confirm,
  flags.digest,
  flags.skipInvalidTenants,
  flags.takeOver,
  flags.format,
  flags.config,
  flags.control,
] as const;

/** Plans, shows the plan, asks, runs it and tells what became of it. */
export async function carryOut(call: Call, what: What): Promise<ExitCode> {
  compileForOneUse(soonerOptimising);
  const control = call.flags.control === true ? await steered(call) : null;
  try {
    return await carryOutWith(call, what, control);
  } finally {
    control?.close();
  }
}

async function steered({ interrupt }: Call): Promise<Control> {
  const { controlOn } = await import("./control");
  return controlOn(process.stdin, interrupt);
}

/** Everything that is missing, or what failed in the last run. */
interface What {
  readonly command: "run" | "retry";
}

async function carryOutWith(call: Call, { command }: What, control: Control | null): Promise<ExitCode> {
  const { flags, terminal, interrupt } = call;
  const password = control === null ? {} : { password: control.password };
  return withDatabase(call, { command, purpose: "change", ...password }, async (target) => {
    const reading = await askState(target, () => void loadCode().then(({ makeReady }) => makeReady(target)));
    const { plan, run, planText } = await loadCode();
    const wish = { ...selectionOf(flags), retry: command === "retry", toRun: true };
    const planned = await unlessAborted(interrupt.stop, plan(target, wish, reading.state));
    const json = flags.format === "json";
    const refused = planned.report.refusals.length > 0;
    if (!json && refused) terminal.note(planText(planned, target, terminal.noteStyle));
    else if (!json) terminal.line(`${planText(planned, target, terminal.style)}\n`);
    const schemas = new Set(planned.report.stages.flatMap((stage) => stage.tenants)).size;
    const question =
      schemas > 0 ? `Run this on ${count(schemas, "schema")}?` : takesOver(planned) ? "Take the history over?" : null;
    if (!refused && question !== null && !json) {
      await agreed(question, call);
    }
    const lines = createLines(terminal);
    const result = await run(target, planned, {
      ...(flags.digest === undefined ? {} : { digest: flags.digest }),
      onEvent: json
        ? (event) => lines.write(JSON.stringify(event))
        : shownOn(terminal, target.project.root, interrupt.stop),
      stop: interrupt.stop,
      cancel: interrupt.cancel,
    }).finally(lines.flush);
    if (result.summary === null) {
      const told = new Set(planned.report.refusals);
      for (const refusal of json ? [] : result.refusals.filter((one) => !told.has(one))) {
        terminal.note(`tenantry: ${visible(refusal.message)}`);
      }
      return refusedCode(result.refusals);
    }
    if (result.summary.stopped === "cancelled") {
      return exitCodes.cancelled;
    }
    const unknown = planned.plan.leftOut.filter(({ code }) => code === "recreated-tenant");
    if (!json && unknown.length > 0) terminal.note(unknownText(unknown));
    return result.summary.counts.failed > 0 || unknown.length > 0 ? exitCodes.problems : exitCodes.done;
  });
}

async function loadCode() {
  const [{ plan, makeReady }, { run }, { planText }] = await Promise.all([
    import("../app/plan"),
    import("../app/run"),
    import("./report/plan"),
  ]);
  return { plan, makeReady, run, planText };
}

/** The reason was told with the plan. */
function unknownText(leftOut: readonly LeftOut[]): string {
  const names = few(
    leftOut.map(({ schema }) => nameText(schema.name)),
    6,
  );
  return `Not done: ${names}, left out as nobody knows what is in ${leftOut.length === 1 ? "it" : "them"}.`;
}

function takesOver({ plan }: PreparedPlan): boolean {
  return plan.state.copiedFrom !== null && plan.selection.takeOver === true;
}
