import {
  type Disposable,
  EventEmitter,
  Position,
  Range,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from "vscode";
import { uriOf } from "../languageClient";
import { type Row, spoken } from "./row";

/** Shows rows in a tree view; `rows` is called for the roots after every `refresh`. */
export function createRowProvider(
  rows: () => readonly Row[],
): TreeDataProvider<Row> & Disposable & { refresh(): void } {
  const changed = new EventEmitter<undefined>();
  return {
    onDidChangeTreeData: changed.event,
    refresh: () => changed.fire(undefined),
    dispose: () => changed.dispose(),
    getChildren: (row) => [...(row ? (row.children?.() ?? []) : rows())],
    getTreeItem: treeItem,
  };
}

function treeItem(row: Row): TreeItem {
  const item = new TreeItem(row.label, collapsible(row));
  item.id = row.id;
  item.contextValue = row.kind;
  item.iconPath = new ThemeIcon(row.icon.id, row.icon.color ? new ThemeColor(row.icon.color) : undefined);
  item.accessibilityInformation = { label: spoken(row), role: "treeitem" };
  if (row.description !== undefined) item.description = row.description;
  if (row.tooltip !== undefined) item.tooltip = row.tooltip;
  if (row.opens) item.command = openCommand(row.opens);
  else if (row.command) item.command = { command: row.command, title: row.label, arguments: [row] };
  return item;
}

function collapsible(row: Row): TreeItemCollapsibleState {
  if (!row.children) return TreeItemCollapsibleState.None;
  return row.expanded ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

function openCommand({ uri, line }: NonNullable<Row["opens"]>) {
  const selection = line === undefined ? {} : { selection: at(line) };
  return { command: "vscode.open", title: "", arguments: [uriOf(uri), { preview: true, ...selection }] };
}

/** The start of a line; `line` is 1-based. */
function at(line: number): Range {
  const position = new Position(Math.max(0, line - 1), 0);
  return new Range(position, position);
}
