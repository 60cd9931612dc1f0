import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A migration of at least so many lines: the shop's own, again and again with other names, as a real history's statements differ. */
export function shopText(root: string, lines: number): string {
  const folder = join(root, "examples/shop/migrations/tenant");
  const shop = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  const own = shop.split("\n").length;
  const times = Math.ceil(lines / own);
  return Array.from({ length: times }, (_, n) =>
    shop.replace(/\bprototype\.(\w+)/g, (_whole, name: string) => `prototype.${name}_${n}`),
  ).join("\n");
}
