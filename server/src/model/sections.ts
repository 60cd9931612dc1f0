import type { SlicedText } from "../sql/editedText";
import type { Span } from "../sql/span";
import type { Token } from "../sql/token";
import { foreignMarker } from "./foreignMarkers";
import type { Format } from "./formats";

/** The part of a file that is run going up, and what its sections say besides. */
export interface Sections {
  readonly up: Span;
  readonly transactional: boolean;
  /** The tool whose markers divide the file, or null where it has none. */
  readonly markers: "dbmate" | "goose" | null;
  /** Why the file can't be run as it stands, at the place of it; null where it can. */
  readonly fault: (Span & { readonly message: string }) | null;
}

/** Divides a file by the markers of dbmate or goose; a format without markers runs whole. @param tokens of the whole text. */
export function divide(text: SlicedText, tokens: readonly Token[], format: Format | "auto"): Sections {
  const whole: Sections = { up: { start: 0, end: text.length }, transactional: true, markers: null, fault: null };
  if (format !== "auto" && format !== "dbmate" && format !== "goose") return whole;
  const markers = findMarkers(text, tokens, format);
  const first = markers[0];
  if (first === undefined) {
    if (format === "auto") return { ...whole, fault: foreignMarker(text, tokens) };
    if (text.toString().trim() === "") return whole;
    return { ...whole, fault: { start: 0, end: 0, message: `The file has no \`${upMarker[format]}\` line.` } };
  }
  const tool = first.tool;
  const ups = markers.filter((marker) => marker.word === "up");
  const up = ups[0];
  const sections = {
    up: up === undefined ? { start: first.start, end: first.start } : sectionAfter(text, up, markers),
    transactional: !markers.some((marker) => marker.withoutTransaction),
    markers: tool,
  };
  if (up === undefined) {
    return {
      ...sections,
      fault: faultAt(first, `The file has no \`${upMarker[tool]}\` line, so there is nothing to run.`),
    };
  }
  const above = firstCode(tokens);
  if (above !== null && above.start < up.start) {
    return {
      ...sections,
      fault: {
        start: above.start,
        end: above.end,
        message: `What stands above \`${upMarker[tool]}\` isn't run: move it below.`,
      },
    };
  }
  const second = ups[1];
  if (second !== undefined) {
    return {
      ...sections,
      fault: faultAt(second, `The file has two \`${upMarker[tool]}\` lines; put all of it under one.`),
    };
  }
  return { ...sections, fault: foreignMarker(text, tokens, sections.up.end) };
}

const upMarker = { dbmate: "-- migrate:up", goose: "-- +goose Up" } as const;

interface Marker extends Span {
  readonly tool: "dbmate" | "goose";
  readonly word: string;
  readonly withoutTransaction: boolean;
}

function findMarkers(text: SlicedText, tokens: readonly Token[], format: Format | "auto"): Marker[] {
  const markers: Marker[] = [];
  for (const token of tokens) {
    if (token.kind !== "comment") continue;
    const marker = readMarker(text.slice(token.start, token.end));
    if (marker === null || (format !== "auto" && format !== marker.tool)) continue;
    if (markers[0] === undefined || markers[0].tool === marker.tool)
      markers.push({ ...marker, start: token.start, end: token.end });
  }
  return markers;
}

/** goose's StatementBegin and StatementEnd only help a splitter that can't read dollar quotes. */
function readMarker(comment: string): Omit<Marker, keyof Span> | null {
  const dbmate = /^--\s*migrate:(up|down)(?:\s+(.*))?$/s.exec(comment.trimEnd());
  if (dbmate !== null) {
    return {
      tool: "dbmate",
      word: dbmate[1] ?? "",
      withoutTransaction: dbmate[1] === "up" && /\btransaction:\s*false\b/.test(dbmate[2] ?? ""),
    };
  }
  const goose = /^--\s*\+goose\s+(up|down|no\s+transaction)\s*$/i.exec(comment.trimEnd());
  if (goose === null) return null;
  const word = (goose[1] ?? "").toLowerCase();
  return { tool: "goose", word, withoutTransaction: word.startsWith("no") };
}

function firstCode(tokens: readonly Token[]): Token | null {
  for (const token of tokens) if (token.kind !== "comment" && token.kind !== "space") return token;
  return null;
}

function sectionAfter(text: SlicedText, up: Marker, markers: readonly Marker[]): Span {
  const lineEnd = text.toString().indexOf("\n", up.end);
  const start = lineEnd === -1 ? text.length : lineEnd + 1;
  const down = markers.find((marker) => marker.start > up.start && marker.word === "down");
  return { start, end: down === undefined ? text.length : Math.max(start, down.start) };
}

function faultAt(marker: Span, message: string): Span & { message: string } {
  return { start: marker.start, end: marker.end, message };
}
