import { inspect } from "../../server/src/app/inspect";
import { analyse } from "../../server/src/sql/analyse";
import type { Dialect } from "../../server/src/sql/dialect";

/**
 * A text with its comments as the analysis would have them: a line ends with what it names, in order, as in
 * `--: read dbo.a, fk dbo.a>dbo.b, dynamic`.
 * @param withObjects whether what is no table is told, too, as `type/reference dbo.kind`
 */
export async function annotated(text: string, dialect: Dialect, withObjects: boolean): Promise<string> {
  const { statements } = await inspect(text, dialect);
  const named = ({ schema, name }: { schema: string | null; name: string }) =>
    schema === null ? name : `${schema}.${name}`;
  const found = statements.flatMap(({ tables, foreignKeys }) => [
    ...tables.map((table) => ({ at: table.start, order: 0, says: `${table.use} ${named(table)}` })),
    ...foreignKeys.map(({ from, to, start }) => ({ at: start, order: 1, says: `fk ${named(from)}>${named(to)}` })),
  ]);
  for (const { start, facts } of (await analyse(text, dialect)).statements) {
    found.push(...facts.opaque.map((part) => ({ at: start + part.start, order: 2, says: "dynamic" })));
    if (!withObjects) continue;
    found.push(
      ...facts.objects.map((object) => ({
        at: start + object.start,
        order: 0,
        says: `${object.kind}/${object.use} ${named(object)}`,
      })),
    );
  }
  found.sort((a, b) => a.at - b.at || a.order - b.order);
  let at = 0;
  return text
    .split("\n")
    .map((line) => {
      const start = at;
      at += line.length + 1;
      const here = found.filter((one) => one.at >= start && one.at < at).map(({ says }) => says);
      const code = line.replace(/--: .*$/, "");
      if (here.length === 0) return line.includes("--: ") ? code.trimEnd() : line;
      const padded = line.includes("--: ") ? code : `${code} `;
      return `${padded}--: ${here.join(", ")}`;
    })
    .join("\n");
}
