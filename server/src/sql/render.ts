import type { Dialect } from "./dialect";
import type { AnalysedStatement, StatementFacts } from "./facts";
import { tokensOf } from "./lexer";
import { quoteIdentifier } from "./quote";
import { missedPlaces } from "./renderPlaces";
import { type ProofFault, proveStatement } from "./renderProof";
import {
  freshTags,
  holdsWord,
  mayHoldWord,
  type Splice,
  type Spliced,
  sameName,
  splice,
  writeName,
} from "./renderText";
import { unreadLiterals } from "./scan";
import type { Span } from "./span";

export interface RenderOptions {
  /** The schema that the text is written against. */
  readonly prototypeSchema: string;
  readonly dialect: Dialect;
  /** Whether the author said, with a reason, that a statement is meant as it stands, though parts of it can't be seen through. */
  ignored?(statement: AnalysedStatement): boolean;
}

/** Why a statement can't be rendered; the span is the part that it is about, in the whole text's offsets. */
export interface RenderRefusal extends Span {
  readonly statement: Span;
  readonly reason: string;
}

/** A text that was read once, to be written for any tenant. */
export interface RenderTemplate {
  readonly text: string;
  readonly dialect: Dialect;
  readonly slots: readonly Slot[];
}

/** A place where the schema's name is written. */
export interface Slot extends Span {
  readonly quoted: boolean;
  /** The opening delimiters of the literals around it, outermost first. */
  readonly within: readonly string[];
}

/** A text as it is sent for one tenant; inside a name that was put in, the original offset is that of the original name's start. */
export type Rendering = Spliced;

/** A name that holds everything that could break out of an identifier, a literal, a comment or a function body. */
const hostileName = "a\"b'c\\d]e; drop schema public -- $$";

/**
 * Reads a text once, for rendering it for any tenant. The places are those that the analysis found; that they are all, and that nothing
 * else changes, is proven with a hostile name before a template is given.
 * @param statements the text's own, their spans being offsets into `text`
 */
export async function prepareRender(
  text: string,
  statements: readonly AnalysedStatement[],
  options: RenderOptions,
): Promise<{ readonly template: RenderTemplate | null; readonly refusals: readonly RenderRefusal[] }> {
  const slots: Slot[] = [];
  for (const statement of statements) slots.push(...(await placesOf(text, statement, options)));
  const template = { text, dialect: options.dialect, slots };
  const unseen = statements.flatMap((statement) =>
    options.ignored?.(statement)
      ? []
      : unseenParts(text.slice(statement.start, statement.end), statement.facts, options).map((part) =>
          refusedPart(statement, part, options),
        ),
  );
  const unproven = await proveRender(template, statements, options, hostileName);
  const told = unproven.filter(({ start, end }) => !unseen.some((part) => part.start <= start && part.end >= end));
  const refusals = [...unseen, ...told].sort((a, b) => a.start - b.start);
  return { template: refusals.length === 0 ? template : null, refusals };
}

/**
 * Proves that a text rendered for one tenant is the original with the schema's name replaced, and nothing else changed: it is read again,
 * and compared token by token, for PostgreSQL also tree by tree.
 * @returns why not, for each statement that fails
 */
export async function proveRender(
  template: RenderTemplate,
  statements: readonly AnalysedStatement[],
  options: RenderOptions,
  tenant: string,
): Promise<readonly RenderRefusal[]> {
  const refusals: RenderRefusal[] = [];
  const names = { prototype: options.prototypeSchema, tenant, dialect: options.dialect };
  let next = 0;
  for (const statement of statements) {
    const original = template.text.slice(statement.start, statement.end);
    const from = next;
    while ((template.slots[next]?.start ?? statement.end) < statement.end) next++;
    const slots = template.slots.slice(from, next).map((slot) => moved(slot, -statement.start));
    if (slots.length === 0 && !mayHoldWord(original, options.prototypeSchema)) continue;
    const rendered = fillTemplate({ text: original, dialect: options.dialect, slots }, tenant).sql;
    const fault =
      refusedByServer(statement, options) ?? (await proveStatement(original, rendered, slots.length, names));
    if (fault === null || (fault.waivable && options.ignored?.(statement))) continue;
    refusals.push(refusal(statement, fault, fault.reason));
  }
  return refusals;
}

/** PostgreSQL's grammar is asked where the trees are compared. */
function refusedByServer({ facts: { fault } }: AnalysedStatement, { dialect }: RenderOptions): ProofFault | null {
  if (dialect === "postgresql" || fault === null) return null;
  const { start, end, message } = fault;
  const reason = `SQL Server refuses this statement (${message}), so that nothing can be proven of it.`;
  return { start, end, reason, waivable: true };
}

/**
 * Writes a text for one tenant.
 * @throws RangeError for a name that no schema can have
 */
export function fillTemplate({ text, dialect, slots }: RenderTemplate, tenant: string): Rendering {
  const identifier = quoteIdentifier(tenant, dialect);
  const written = new Map<string, string>();
  const splices = slots.map(({ start, end, quoted, within }): Splice => {
    const key = `${quoted} ${within.join(" ")}`;
    const name = written.get(key) ?? writeName(quoted ? identifier : tenant, within);
    written.set(key, name);
    return { start, end, text: name };
  });
  const tags = freshTags(text, slots, tenant, dialect);
  return splice(text, tags.length === 0 ? splices : [...splices, ...tags].sort((a, b) => a.start - b.start));
}

/** The places that the scan has found and, where PostgreSQL's grammar can be asked, those that it has missed. */
async function placesOf(text: string, statement: AnalysedStatement, options: RenderOptions): Promise<Slot[]> {
  const found = slotsOf(statement, options);
  const own = text.slice(statement.start, statement.end);
  const { prototypeSchema, dialect } = options;
  if (dialect !== "postgresql" || !mayHoldWord(own, prototypeSchema)) return found;
  const known = found.map((slot) => moved(slot, -statement.start));
  const missed = await missedPlaces(own, known, prototypeSchema);
  if (missed.length === 0) return found;
  return [...found, ...missed.map((slot) => moved(slot, statement.start))].sort((a, b) => a.start - b.start);
}

function slotsOf(statement: AnalysedStatement, { prototypeSchema, dialect }: RenderOptions): Slot[] {
  const own = statement.facts.schemas.filter(({ schema }) => sameName(schema, prototypeSchema, dialect));
  own.sort((a, b) => a.start - b.start);
  return own
    .filter(({ start }, n) => start >= (own[n - 1]?.end ?? 0))
    .map(({ start, end, form, within }) => ({
      start: statement.start + start,
      end: statement.start + end,
      quoted: form !== "literal",
      within,
    }));
}

/** A part of a statement that may name the prototype where the analysis doesn't see it; the span is relative to the statement. */
export interface UnseenPart extends Span {
  /** Whether it is SQL that is built when it runs, or a text with the prototype's name in it. */
  readonly what: "built" | "text";
}

/** What keeps a statement from being rendered until its author says that it is meant. */
export function unseenParts(
  own: string,
  { opaque, schemas }: StatementFacts,
  { prototypeSchema, dialect }: Pick<RenderOptions, "prototypeSchema" | "dialect">,
): readonly UnseenPart[] {
  const built = opaque
    .filter(
      ({ reason, words }) =>
        reason === "dynamic-sql" || words.some((word) => sameName(word, prototypeSchema, "sqlserver")),
    )
    .map(({ start, end }) => ({ start, end, what: "built" as const }));
  // SQL Server also takes text without quotes, and in double ones.
  const mayHoldText = dialect === "sqlserver" || /['$]/.test(own);
  if (!mayHoldText) return built;
  // Nearly all statements name the prototype where the analysis has seen it and nowhere else, and needn't be read again.
  const seen = new Set(schemas.map(({ start }) => start));
  const isSeen = (at: number) => seen.has(at) || seen.has(at - 1);
  if (!mayHoldWord(own, prototypeSchema, isSeen)) return built;
  const isRead = ({ start, end }: Span) => schemas.some((mention) => mention.start >= start && mention.end <= end);
  const texts = unreadLiterals(own, tokensOf(own, dialect), dialect, (content) => holdsWord(content, prototypeSchema))
    .filter((part) => !isRead(part))
    .map(({ start, end }) => ({ start, end, what: "text" as const }));
  return [...built, ...texts];
}

function refusedPart(
  statement: AnalysedStatement,
  part: UnseenPart,
  { prototypeSchema }: RenderOptions,
): RenderRefusal {
  const reason =
    part.what === "built"
      ? "This SQL is built as a string, so that it can't be told which schemas it names."
      : `This text holds the word "${prototypeSchema}", and it can't be told whether that names the schema.`;
  return refusal(statement, part, reason);
}

function refusal({ start, end }: AnalysedStatement, part: Span, reason: string): RenderRefusal {
  return { start: start + part.start, end: start + part.end, statement: { start, end }, reason };
}

function moved<T extends Span>(span: T, by: number): T {
  return { ...span, start: span.start + by, end: span.end + by };
}
