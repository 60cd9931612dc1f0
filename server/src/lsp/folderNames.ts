/** The name of each folder by its path: its last part, with as much before it as tells it from the others. */
export function folderNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const partsOf = new Map(paths.map((path) => [path, path.split(/[\\/]/).filter((part) => part !== "")]));
  const all = [...partsOf.values()];
  const tail = (parts: readonly string[], length: number) => parts.slice(-length).join("/");
  return new Map(
    [...partsOf].map(([path, parts]) => {
      const isTold = (length: number) =>
        all.filter((other) => tail(other, length) === tail(parts, length)).length === 1;
      const length = parts.findIndex((_, index) => isTold(index + 1)) + 1;
      return [path, length === 0 ? path : tail(parts, length)];
    }),
  );
}
