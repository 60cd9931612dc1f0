// Writes the notices of everything that is shipped: each package that a bundle took something from, by what the bundler
// says it took, and the software that is compiled into the WASM files.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

/** What the WASM files hold beside the package that brings them, and where its license text lies. */
const compiledIn = [
  { name: "PostgreSQL (in PGlite and libpg-query)", license: "PostgreSQL", text: () => POSTGRESQL },
  { name: "tree-sitter-sql", license: "MIT", text: () => readLicense("node_modules/tree-sitter-sql") },
];

/** @param bundles esbuild's results, built with `metafile`. */
export async function writeNotices(bundles, path) {
  const folders = new Set();
  for (const { metafile } of bundles)
    for (const input of Object.keys(metafile.inputs)) {
      const at = input.lastIndexOf("node_modules/");
      if (at < 0) continue;
      const name = /^(@[^/]+\/)?[^/]+/.exec(input.slice(at + "node_modules/".length))[0];
      folders.add(input.slice(0, at + "node_modules/".length) + name);
    }
  const packages = [...folders].map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    return { name: `${manifest.name} ${manifest.version}`, license: manifest.license, text: () => readLicense(folder) };
  });
  const entries = [...packages, ...compiledIn].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = entries.map(({ name, license, text }) => `${name} (${license})\n\n${text().trim()}\n`);
  const head = "Tenantry contains parts of the following software.\n";
  writeFileSync(path, [head, ...new Set(parts)].join(`\n${"-".repeat(80)}\n\n`));
}

function readLicense(folder) {
  const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
  if (file) return readFileSync(join(root, folder, file), "utf8").replaceAll("\r\n", "\n");
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const author = manifest.author?.name ?? manifest.author ?? "its authors";
  return `Copyright (c) ${author}. Distributed under the ${manifest.license} license; the package holds no license text of its own.`;
}

const POSTGRESQL = `PostgreSQL Database Management System
(also known as Postgres, formerly known as Postgres95)

Portions Copyright (c) 1996-2026, PostgreSQL Global Development Group

Portions Copyright (c) 1994, The Regents of the University of California

Permission to use, copy, modify, and distribute this software and its
documentation for any purpose, without fee, and without a written agreement
is hereby granted, provided that the above copyright notice and this
paragraph and the following two paragraphs appear in all copies.

IN NO EVENT SHALL THE UNIVERSITY OF CALIFORNIA BE LIABLE TO ANY PARTY FOR
DIRECT, INDIRECT, SPECIAL, INCIDENTAL, OR CONSEQUENTIAL DAMAGES, INCLUDING
LOST PROFITS, ARISING OUT OF THE USE OF THIS SOFTWARE AND ITS DOCUMENTATION,
EVEN IF THE UNIVERSITY OF CALIFORNIA HAS BEEN ADVISED OF THE POSSIBILITY OF
SUCH DAMAGE.

THE UNIVERSITY OF CALIFORNIA SPECIFICALLY DISCLAIMS ANY WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS FOR A PARTICULAR PURPOSE. THE SOFTWARE PROVIDED HEREUNDER IS ON AN "AS
IS" BASIS, AND THE UNIVERSITY OF CALIFORNIA HAS NO OBLIGATIONS TO PROVIDE
MAINTENANCE, SUPPORT, UPDATES, ENHANCEMENTS, OR MODIFICATIONS.`;
