import type { Dialect } from "./dialect";
import type { StatementFacts } from "./facts";
import { lex, tokensOf } from "./lexer";
import { statementStarts } from "./scan";
import { statementKind } from "./scan/kind";
import { literalOf } from "./scan/literal";
import { openSource } from "./scan/source";
import type { Span } from "./span";
import type { Token } from "./token";
import type { TokenList } from "./tokenList";
import { withoutComments } from "./withoutComments";

/** A command that runs where its statement does: the statement itself, or one inside of a block. Spans are relative to the statement. */
export interface Command extends Pick<StatementFacts, "kind" | "keyword"> {
  /** What is written, from the command's first word on, without comments. */
  readonly text: string;
}

/** The commands of a statement: itself, those of a DO block's body, and on SQL Server those that nothing parts from it. */
export function commandsOf(text: string, facts: StatementFacts, dialect: Dialect): readonly Command[] {
  const known = ofStatements.get(facts);
  if (known !== undefined) return known;
  const own = { kind: facts.kind, keyword: facts.keyword, text: withoutComments(text, dialect) };
  if (!holdsCommands(text, facts, dialect)) return [own];
  const inner = dialect === "postgresql" ? bodyCommands(text) : laterCommands(text);
  const commands = [own, ...inner];
  ofStatements.set(facts, commands);
  return commands;
}

/** Remembered by the statement's facts, since several rules ask. */
const ofStatements = new WeakMap<StatementFacts, readonly Command[]>();

/** Whether commands that rules ask for may stand inside of a statement. SQL Server's need nothing between them, but a module's are run when it is called. */
export function holdsCommands(text: string, { kind }: StatementFacts, dialect: Dialect): boolean {
  if (dialect === "postgresql") return kind === "DO";
  return serverBlocks.has(kind) || (!serverModule.test(kind) && anotherCommand.test(text));
}

const serverBlocks: ReadonlySet<string> = new Set(["IF", "WHILE", "BEGIN", "ELSE"]);
const serverModule = /^(?:CREATE|ALTER) (?:PROCEDURE|FUNCTION|TRIGGER|VIEW)$/;

/** Not the parts of ALTER TABLE and what tables are made of, of which there are many. */
const anotherCommand =
  /\S\s+(?:begin|commit|rollback|backup|restore|reconfigure|use|exec|execute|create|alter|drop)\b(?!\s+(?:table|column|constraint|index|unique|clustered|nonclustered)\b)/i;

/** After these words a statement of PL/pgSQL begins. */
const blockWords: ReadonlySet<string> = new Set(["begin", "then", "else", "loop", "declare"]);

function bodyCommands(text: string): Command[] {
  const body = lex(text, "postgresql").flatMap((token) => literalOf(text, token) ?? [])[0];
  if (body === undefined) return [];
  const { content, place } = body;
  const tokens = codeOf(content, "postgresql");
  const commands: Command[] = [];
  let isStart = true;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens.get(index);
    if (token === undefined) break;
    const word = content.slice(token.start, token.end).toLowerCase();
    if (isStart && token.kind === "word" && !blockWords.has(word)) {
      const run = word === "execute" ? executed(content, tokens.get(index + 1), place) : null;
      commands.push(run ?? commandAt(content, tokens, index, "postgresql", place));
    }
    isStart = word === ";" || (token.kind === "word" && blockWords.has(word));
  }
  return commands;
}

/** What EXECUTE runs, where that is written there as a whole. */
function executed(content: string, token: Token | undefined, place: (span: Span) => Span): Command | null {
  const literal = token === undefined ? null : literalOf(content, token);
  if (literal === null) return null;
  const tokens = codeOf(literal.content, "postgresql");
  return commandAt(literal.content, tokens, 0, "postgresql", (span) => place(literal.place(span)));
}

/** SQL Server's statements need nothing between them. */
function laterCommands(text: string): Command[] {
  const source = openSource(text, tokensOf(text, "sqlserver"), "sqlserver");
  return statementStarts(source)
    .slice(1)
    .map((index) => commandAt(text, source.tokens, index, "sqlserver", (span) => span));
}

function commandAt(
  content: string,
  tokens: TokenList,
  index: number,
  dialect: Dialect,
  place: (span: Span) => Span,
): Command {
  const start = tokens.get(index)?.start ?? content.length;
  let after = index + 1;
  while (after < tokens.length && !isSemicolon(content, tokens.get(after))) after++;
  const own = tokens.part(index, after, -start);
  const text = content.slice(start, start + (own.last?.end ?? 0));
  const { kind, keyword } = statementKind(openSource(text, own, dialect));
  return {
    kind,
    keyword: place({ start: start + keyword.start, end: start + keyword.end }),
    text: withoutComments(text, dialect),
  };
}

function isSemicolon(text: string, token: Token | undefined): boolean {
  return token !== undefined && text[token.start] === ";" && token.end - token.start === 1;
}

function codeOf(text: string, dialect: Dialect): TokenList {
  return tokensOf(text, dialect).without((kind) => kind === "comment");
}
