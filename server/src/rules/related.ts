import type { Definition, NameSpace } from "../model/catalog";
import type { ObjectReference, QualifiedName, TableReference } from "../sql/facts";
import type { Span } from "../sql/span";
import type { Related, RuleContext } from "./rule";
import { shown } from "./schemas";

/** The places where things are made that a finding is about; none of what only the configuration names. */
export function madeAt(...definitions: readonly (Definition | null)[]): { readonly related?: readonly Related[] } {
  const related = definitions.flatMap((definition) => {
    const isPlaced = definition !== null && definition.file !== null && definition.span !== null;
    return isPlaced ? [new MadeHere(definition, definition.file, definition.span)] : [];
  });
  return related.length === 0 ? {} : { related };
}

/** Where something is made. A finding is kept while the text before that place is edited, so that the place is asked for each time. */
class MadeHere implements Related {
  readonly file: string;
  readonly message: string;
  readonly #definition: Definition;
  readonly #found: Span;

  constructor(definition: Definition, file: string, found: Span) {
    this.file = file;
    this.message = `${shown(definition)} is made here.`;
    this.#definition = definition;
    this.#found = found;
  }

  get start(): number {
    return (this.#definition.span ?? this.#found).start;
  }

  get end(): number {
    return (this.#definition.span ?? this.#found).end;
  }
}

/** Among which names the definition of a table or an object is looked for. */
export function spaceOfName(name: TableReference | ObjectReference): NameSpace {
  if (!("kind" in name) || name.kind === "schema" || name.kind === "trigger" || name.kind === "relation")
    return "table";
  return name.kind;
}

/** What a name stands for: a tenant's table is the prototype's, and a name without a schema whatever is known by it. */
export function definitionsOf(
  { schema, name }: QualifiedName,
  { catalog, isTenant, settings }: RuleContext,
  space?: NameSpace,
): readonly (Definition | null)[] {
  if (schema !== null) return [catalog.find(isTenant(schema) ? settings.prototypeSchema : schema, name, space)];
  const sides = catalog.lookUp(name, space);
  return [sides.prototype, sides.public];
}
