/**
 * VS Code's module where there is no VS Code: what is shown through it is kept in `shown`, by the place it would be
 * seen at. Only what the texts of the extension need. Take it up with `useFakeVscode` before anything that imports
 * `vscode`.
 */
import { register } from 'node:module';

/** Everything shown so far: where, and the text as it was handed over. */
export const shown: (readonly [place: string, text: string])[] = [];

/** Keeps every text within something that VS Code draws. */
function show(place: string, value: unknown): void {
  if (typeof value === 'string') shown.push([place, value]);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) show(`${place} ${name}`, inner);
}

/** From now on `vscode` is this file. */
export function useFakeVscode(): void {
  const code = `export function resolve(specifier, context, next) {
    return specifier === 'vscode' ? { url: ${JSON.stringify(import.meta.url)}, shortCircuit: true } : next(specifier, context);
  }`;
  register(`data:text/javascript,${encodeURIComponent(code)}`);
}

/** Markdown as its source. */
export class MarkdownString {
  value: string;
  constructor(value = '') {
    this.value = value;
  }
  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }
}
/** As VS Code numbers them. */
export const QuickPickItemKind = { Separator: -1, Default: 0 } as const;
/** Classes whose instances are handed over and nothing else. */
const Plain = Object;
export {
  Plain as Hover,
  Plain as Range,
  Plain as Selection,
  Plain as SnippetString,
  Plain as TextEdit,
  Plain as ThemeColor,
  Plain as ThemeIcon,
};
export class CompletionItem {
  readonly label: string;
  constructor(label: string) {
    this.label = label;
  }
}
export class TreeItem {
  readonly label: string;
  constructor(label: string) {
    this.label = label;
  }
}
/** An event of a program's own. */
export class EventEmitter {
  readonly event = silent;
  readonly fire = (): void => undefined;
  readonly dispose = (): void => undefined;
}
export class CodeLens {
  readonly command: unknown;
  constructor(_range: unknown, command: unknown) {
    this.command = command;
  }
}
/** The message as the Problems view shows it. */
export class Diagnostic {
  readonly message: string;
  constructor(_range: unknown, message: string) {
    this.message = message;
  }
}
/** An item of a status bar that tells what is set on it. */
function statusItem(): object {
  return new Proxy({ show: () => undefined, hide: () => undefined, dispose: () => undefined } as object, {
    set: (target, name, value) => {
      if (name !== 'command' && name !== 'name') show(`status bar ${String(name)}`, value);
      return Reflect.set(target, name, value);
    },
  });
}
const pick = async (items: unknown, options: unknown): Promise<undefined> => {
  for (const { label, description, detail } of (await items) as readonly Readonly<Record<string, unknown>>[])
    show('pick', { label, description, detail });
  show('pick options', options);
};
const message = async (text: string, ...rest: unknown[]): Promise<undefined> => {
  show('message', text);
  show('message detail', rest);
};
/** An event that nothing fires. */
const silent = () => ({ dispose: () => undefined });
/** Views that were made, by their ids. */
export const views = new Map<string, { message?: string; badge?: unknown; visible: boolean }>();
export const window = {
  createTreeView: (id: string) => {
    const view = {
      visible: true,
      onDidChangeVisibility: () => ({ dispose: () => undefined }),
      dispose: () => undefined,
    };
    views.set(id, view);
    return view;
  },
  createStatusBarItem: statusItem,
  showQuickPick: pick,
  showInputBox: async ({ title, prompt }: Readonly<Record<string, unknown>>): Promise<string> => {
    show('pick label', title);
    show('message', prompt);
    return '';
  },
  showInformationMessage: message,
  showWarningMessage: message,
  showErrorMessage: message,
  withProgress: async (
    options: { readonly title?: string; readonly location: unknown },
    work: Work,
  ): Promise<unknown> => {
    show(options.location === ProgressLocation.Window ? 'status bar progress' : 'message progress', options.title);
    const none = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
    return work(
      {
        report: (now) => {
          show('message progress', now);
        },
      },
      none,
    );
  },
  visibleTextEditors: [],
  onDidChangeVisibleTextEditors: silent,
};
type Work = (progress: { report(now: unknown): void }, token: unknown) => Promise<unknown>;
export const workspace = {
  getConfiguration: () => ({ get: () => true }),
  notebookDocuments: [],
  onDidChangeTextDocument: silent,
  onDidCloseTextDocument: silent,
  onDidGrantWorkspaceTrust: silent,
  asRelativePath: (uri: { readonly path: string }) => uri.path,
};
export const commands = { executeCommand: async (): Promise<undefined> => undefined };
/** Completion that was registered, by the pattern of their files. */
export const completers = new Map<string, unknown>();
export const languages = {
  registerCompletionItemProvider: ({ pattern }: { pattern: string }, provider: unknown) => {
    completers.set(pattern, provider);
    return { dispose: () => completers.delete(pattern) };
  },
  registerHoverProvider: () => ({ dispose: () => undefined }),
  registerCodeLensProvider: () => ({ dispose: () => undefined }),
  createDiagnosticCollection: () => ({ set: () => undefined, delete: () => undefined, dispose: () => undefined }),
};
/** Tools that were registered, by their names. */
export const tools = new Map<string, unknown>();
export const lm = {
  registerTool: (name: string, tool: unknown) => {
    tools.set(name, tool);
    return { dispose: () => tools.delete(name) };
  },
};
export class LanguageModelTextPart {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}
export class LanguageModelToolResult {
  readonly content: readonly LanguageModelTextPart[];
  constructor(content: readonly LanguageModelTextPart[]) {
    this.content = content;
  }
}
export class CancellationError extends Error {}
export const env = {};
export const Uri = { file: (path: string): object => ({ path }) };
export const ProgressLocation = { Window: 10, Notification: 15 };
export const NotebookCellKind = { Markup: 1, Code: 2 };
export const StatusBarAlignment = { Left: 1 };
export const TreeItemCollapsibleState = { None: 0, Expanded: 2 };
export const ConfigurationTarget = {};
export const DiagnosticSeverity = {};
export const CompletionItemKind = {};
