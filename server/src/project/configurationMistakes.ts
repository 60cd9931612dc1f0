import { findNodeAtLocation, getNodeValue, type Node } from "jsonc-parser";
import type * as z from "zod/mini";
import { nearest } from "../model/nearest";
import type { Span } from "../sql/span";
import { configurationSchema } from "./configurationSchema";

/** Something wrong in a configuration file, at its place. */
export interface Mistake extends Span {
  readonly message: string;
}

/** Tells one of the schema's objections in plain English, at the key or value that it is about. */
export function explainIssue(tree: Node, issue: z.core.$ZodIssue): Mistake[] {
  const path = issue.path.filter((part) => typeof part !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => explainUnknownKey(tree, path, key));
  }
  const node = findNodeAtLocation(tree, path);
  if (node === undefined) {
    const parent = nearestNode(tree, path);
    const missing = path.at(-1);
    return [
      {
        ...opening(parent),
        message: `\`${written(path.slice(0, -1))}\` needs a \`${missing}\`, which ${issue.message}.`,
      },
    ];
  }
  const subject = path.length === 0 ? "The file" : `\`${written(path)}\``;
  return [
    { ...spanOf(node), message: `${subject} ${issue.message}${contrasts.has(issue.code) ? butIs(node, path) : ""}.` },
  ];
}

/** The objections after which it helps to read what stands there instead. */
const contrasts = new Set(["invalid_type", "invalid_value", "invalid_union", "invalid_format", "too_small"]);

function explainUnknownKey(tree: Node, path: readonly (string | number)[], key: string): Mistake {
  const property = findNodeAtLocation(tree, [...path, key])?.parent?.children?.[0];
  const known = knownKeys(path);
  const meant = nearest(key, known);
  const wayOut =
    meant === null ? `Known here are: ${known.join(", ")}.` : `Did you mean \`${written([...path, meant])}\`?`;
  return { ...spanOf(property ?? tree), message: `Unknown setting \`${written([...path, key])}\`. ${wayOut}` };
}

/** The keys that the schema allows at a place. */
function knownKeys(path: readonly (string | number)[]): string[] {
  let schema: unknown = configurationSchema;
  for (const part of path) {
    const shape = definition(schema);
    schema = shape?.shape?.[String(part)] ?? shape?.valueType ?? shape?.element;
  }
  return Object.keys(definition(schema)?.shape ?? {}).filter((key) => key !== "$schema");
}

interface Definition {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly valueType?: unknown;
  readonly element?: unknown;
  readonly innerType?: unknown;
}

/** What a schema consists of, beneath its defaults. */
function definition(schema: unknown): Definition | undefined {
  const own = (schema as { def?: Definition } | undefined)?.def;
  return own?.innerType === undefined ? own : definition(own.innerType);
}

/** What stands there instead; never what stands among the connections, which may hold a password. */
function butIs(node: Node, path: readonly (string | number)[]): string {
  if (path[0] === "connections") return "";
  switch (node.type) {
    case "object":
      return ", not an object";
    case "array":
      return node.children?.length === 0 ? ", not an empty list" : ", not a list";
    default: {
      const value = JSON.stringify(getNodeValue(node));
      return `, not ${value.length > 60 ? `${value.slice(0, 60)}…` : value}`;
    }
  }
}

/** `connections.staging.url`, `publicTables[2]`. */
function written(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}

function nearestNode(tree: Node, path: readonly (string | number)[]): Node {
  for (let length = path.length - 1; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return node.parent?.type === "property" ? (node.parent.children?.[0] ?? node) : node;
  }
  return tree;
}

function opening(node: Node): Span {
  return { start: node.offset, end: node.offset + Math.min(node.length, node.type === "object" ? 1 : node.length) };
}

function spanOf(node: Node): Span {
  return { start: node.offset, end: node.offset + node.length };
}
