import { Command, CommanderError } from "commander";
import { version } from "../../../package.json";
import { baseline } from "./commands/baseline";
import { init } from "./commands/init";
import { inspect } from "./commands/inspect";
import { lint } from "./commands/lint";
import { lsp } from "./commands/lsp";
import { newMigration } from "./commands/new";
import { plan } from "./commands/plan";
import { provision } from "./commands/provision";
import { render } from "./commands/render";
import { repair } from "./commands/repair";
import { retry } from "./commands/retry";
import { run } from "./commands/run";
import { runs } from "./commands/runs";
import { skip } from "./commands/skip";
import { sql } from "./commands/sql";
import { status } from "./commands/status";
import { type ExitCode, exitCodes } from "./exitCodes";
import { explain } from "./explain";
import { interruptOf } from "./interrupt";
import { processTerminal, type Terminal } from "./terminal";
import type { Flags, Interrupt, Verb } from "./verb";

/** Every command there is, in the order of the help. */
const verbs: readonly Verb[] = [
  init,
  newMigration,
  lint,
  inspect,
  render,
  status,
  runs,
  plan,
  run,
  retry,
  provision,
  skip,
  baseline,
  repair,
  sql,
  lsp,
];

/** Runs one command line, and is the only place that sets the process's exit code. */
export async function main(process: NodeJS.Process): Promise<void> {
  const terminal = processTerminal(process);
  const fail = (error: unknown) => {
    const explained = explain(error, process.env);
    terminal.note(explained.text);
    return explained.code;
  };
  process.on("uncaughtException", (error) => process.exit(fail(error)));
  process.on("exit", (code) => {
    if (code === exitCodes.done && terminal.lost) process.exitCode = exitCodes.problems;
  });
  try {
    process.exitCode = await dispatch(process, terminal);
  } catch (error) {
    process.exitCode = fail(error);
  }
  // Work that was left behind by Ctrl-C must not hold the process.
  if (process.exitCode === exitCodes.cancelled) {
    process.exit();
  }
}

async function dispatch(process: NodeJS.Process, terminal: Terminal): Promise<ExitCode> {
  const words = process.argv.slice(2);
  let code: ExitCode = exitCodes.done;
  let interrupt: Interrupt | undefined;
  const program = programOf(terminal, async (verb, values, flags) => {
    code = await verb.run({
      arguments: values,
      flags,
      terminal,
      // Made for a command that asks for it: any other is ended by Ctrl-C at once, as every process is that doesn't listen for it.
      get interrupt() {
        interrupt ??= interruptOf(process);
        return interrupt;
      },
    });
  });
  if (words.length === 0) {
    program.outputHelp();
    return exitCodes.done;
  }
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  return code;
}

type Action = (verb: Verb, values: readonly string[], flags: Flags) => Promise<void>;

function programOf(terminal: Terminal, act: Action): Command {
  const program = new Command("tenantry")
    .description(
      "SQL migrations for databases with one schema per tenant: checked as you write, run on every tenant safely.",
    )
    .version(version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help, or a command's with: tenantry <command> --help")
    .helpCommand(false)
    .usage("<command> [options]")
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => terminal.line(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: (text, write) => write(complaint(text, program)),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
    })
    .addHelpText("after", introduction);
  for (const verb of verbs) {
    program.addCommand(commandOf(verb, program, act));
  }
  return program;
}

function commandOf(verb: Verb, program: Command, act: Action): Command {
  const [name = "", ...values] = verb.usage.split(" ");
  const command = new Command(name)
    .copyInheritedSettings(program)
    .summary(verb.summary)
    .description(helpText(verb))
    .usage([...values, "[options]"].join(" "))
    .helpGroup(verb.group)
    .allowUnknownOption(verb.allowsUnknownFlags === true)
    .allowExcessArguments(verb.allowsUnknownFlags === true)
    .helpOption("-h, --help", "show this help");
  for (const value of values) {
    command.argument(value, verb.arguments?.[value.replace(/[<>[\].]/g, "")]);
  }
  for (const flag of verb.flags) {
    command.addOption(flag);
  }
  const wide = Math.max(...verb.examples.map(([line]) => line.length));
  const examples = verb.examples.map(([line, meaning]) => `  ${line.padEnd(wide)}  ${meaning}`);
  return command
    .addHelpText("after", `\n${verb.examples.length === 1 ? "Example" : "Examples"}:\n${examples.join("\n")}`)
    .action(async () => act(verb, command.args, command.opts<Flags>()));
}

/** The terminal's width decides where lines end. */
function helpText({ summary, description }: Verb): string {
  return description === undefined ? summary : `${summary}\n\n${description.replaceAll("\n", " ")}`;
}

/** Commander's own message, with the place to read on. */
function complaint(text: string, program: Command): string {
  const named = program.args[0];
  const known = verbs.some((verb) => verb.usage.split(" ")[0] === named);
  return `${text.replace(/^error: /, "tenantry: ").trimEnd()}\nSee: tenantry ${known ? `${named} ` : ""}--help`;
}

const introduction = `
From an empty folder:
  tenantry init                     write tenantry.json and the folders for migrations
  tenantry new add_orders           create the next migration, then write SQL in it
  tenantry lint                     check it
  tenantry plan                     see what a run would do, and to whom
  tenantry run                      do it, on every tenant

Exit codes: 0 done; 1 errors in migrations, tenants that failed, or a refused plan;
2 wrong use or configuration; 3 could not connect; 130 cancelled.`;
