import type { Span } from "../sql/span";
import type { Scope } from "./migration";

/** A `-- tenantry: …` comment; its span is the directive's text, from `tenantry:` to the line's end. */
export type Directive = Span &
  (
    | { readonly kind: "scope"; readonly scope: Scope }
    | { readonly kind: "no-transaction" }
    | {
        readonly kind: "ignore";
        readonly rules: readonly (Span & { readonly id: string })[];
        readonly reason: string | null;
        readonly wholeFile: boolean;
      }
    | { readonly kind: "unknown"; readonly message: string }
  );
