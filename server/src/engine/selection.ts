/** Which part of what is pending is planned: nothing given means all of it. */
export interface Selection {
  /** Names, or globs with `*` and `?`; a name that a tenant has is never read as a glob. */
  readonly tenants?: readonly string[];
  /** The last version to apply; repeatable migrations wait until there is no limit. */
  readonly to?: string;
  /** Leaves out what is listed but can't be a tenant, instead of refusing. */
  readonly skipInvalidTenants?: boolean;
  /** Goes on with the history that a copied database brought along. */
  readonly takeOver?: boolean;
  /**
   * Only what failed is done again: no public migration that no picked tenant needs, unless `public` says that one failed, and
   * nothing that schemas beyond the picked ones have to be waited for.
   */
  readonly onlyFailed?: { readonly public: boolean };
}

/** The names that are wanted, and what of the wish stands for none. */
export function matchTenants(
  names: readonly string[],
  wanted: readonly string[],
): { matched: ReadonlySet<string>; unknown: readonly string[] } {
  const known = new Set(names);
  const matched = new Set<string>();
  const unknown: string[] = [];
  for (const wish of wanted) {
    const found = known.has(wish) ? [wish] : isGlob(wish) ? names.filter(matcherOf(wish)) : [];
    if (found.length === 0) unknown.push(wish);
    for (const name of found) matched.add(name);
  }
  return { matched, unknown };
}

function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

function matcherOf(glob: string): (name: string) => boolean {
  const pattern = glob
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${pattern}$`, "su");
  return (name) => expression.test(name);
}
