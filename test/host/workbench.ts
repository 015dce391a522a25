import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import * as vscode from 'vscode';
import type { Run } from '../../src/model/run.ts';

/**
 * Trees the extension made, by view id, and what they hold. Kept from before the extension wakes: it hands its trees to
 * nobody.
 */
const providers = new Map<string, vscode.TreeDataProvider<unknown>>();
const createTreeView = vscode.window.createTreeView.bind(vscode.window);
vscode.window.createTreeView = ((id: string, options: vscode.TreeViewOptions<unknown>) => {
  providers.set(id, options.treeDataProvider);
  return createTreeView(id, options);
}) as typeof vscode.window.createTreeView;

/** Tools that the extension registered for language models, by name. */
const tools = new Map<string, vscode.LanguageModelTool<object>>();
const registerTool = vscode.lm.registerTool.bind(vscode.lm);
vscode.lm.registerTool = ((name: string, tool: vscode.LanguageModelTool<object>) => {
  tools.set(name, tool);
  return registerTool(name, tool);
}) as typeof vscode.lm.registerTool;

/** A tool of the extension as VS Code calls it. */
export function registeredTool(name: string): vscode.LanguageModelTool<object> {
  const tool = tools.get(name);
  if (!tool) throw new Error(`The tool ${name} was never registered.`);
  return tool;
}

export interface Row {
  readonly node: unknown;
  readonly label: string;
  readonly description: string;
  readonly contextValue: string;
  readonly checked: boolean | undefined;
}

/** The rows below a node of a view, as VS Code would draw them. */
export async function rows(view: string, parent?: unknown): Promise<Row[]> {
  const provider = providers.get(view);
  if (!provider) throw new Error(`The view ${view} was never made.`);
  const nodes = (await provider.getChildren(parent)) ?? [];
  return Promise.all(
    nodes.map(async (node) => {
      const item = await provider.getTreeItem(node);
      const box = item.checkboxState;
      const state = typeof box === 'object' ? box.state : box;
      return {
        node,
        label: typeof item.label === 'object' ? item.label.label : (item.label ?? ''),
        description: typeof item.description === 'string' ? item.description : '',
        contextValue: item.contextValue ?? '',
        checked: state === undefined ? undefined : state === vscode.TreeItemCheckboxState.Checked,
      };
    }),
  );
}

/** Every row of a view down to `depth` levels. */
export async function allRows(view: string, depth: number, parent?: unknown): Promise<Row[]> {
  if (depth === 0) return [];
  const here = await rows(view, parent);
  const below = await Promise.all(here.map((row) => allRows(view, depth - 1, row.node)));
  return [...here, ...below.flat()];
}

/** Waits for something to become true; says what it was waiting for when it does not. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 45_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Waited ${limitMs / 1000} s for ${what}.`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

export async function openQuery(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: 'kusto', content });
  await vscode.window.showTextDocument(document);
  return document;
}

export async function runs(): Promise<Run[]> {
  return (await rows('tenantscope.runs')).map((row) => row.node as Run);
}

/** The run that appears after `start`, once it is over. */
export async function runToEnd(start: () => unknown): Promise<Run> {
  const before = new Set((await runs()).map((run) => run.id));
  await start();
  return until('a run to end', async () =>
    (await runs()).find((run) => !before.has(run.id) && run.state !== 'running'),
  );
}

/** An answer that is none: the box is dismissed. */
export const DISMISS = '(Escape)';
/** The answer to a list of several: what is ticked there already. */
export const AS_IT_STANDS = 'as it stands';

/** What the extension asked or told the person, and what the person will answer. Installed until `restore`. */
export class ScriptedPerson {
  readonly told: string[] = [];
  /** Titles of the boxes that were shown, with the line that stood ready or what was said of the text. */
  readonly boxes: { readonly title: string; readonly said: string }[] = [];
  private readonly restores: (() => void)[] = [];

  /**
   * Answers boxes in turn: the label (or its beginning) of a line to pick, or a text to type, into a list too where no
   * line is called so. Messages with buttons get `button`; files are saved as `target`.
   */
  constructor(answers: readonly string[], button?: string, target?: vscode.Uri) {
    const script = [...answers];
    const next = (title: string | undefined): string => {
      const answer = script.shift();
      if (answer === undefined) throw new Error(`Nobody knows what to answer to "${title ?? ''}".`);
      return answer;
    };
    const fits =
      (answer: string) =>
      (item: vscode.QuickPickItem): boolean =>
        item.kind !== vscode.QuickPickItemKind.Separator &&
        item.label.replace(/\$\([\w~-]+\)\s*/g, '').startsWith(answer);
    const note = (box: Box, said: unknown): true => {
      this.boxes.push({ title: String(box['title']), said: String(said) });
      return true;
    };
    this.replace('createQuickPick', () =>
      fakeBox(next, (box, answer, type) => {
        if (box['busy'] === true) return false;
        const ready = (box['activeItems'] as vscode.QuickPickItem[])[0]?.label;
        const find = (): vscode.QuickPickItem | undefined => (box.items as vscode.QuickPickItem[]).find(fits(answer));
        // A list that was on its way and is there now.
        if (!find() && box['busy'] === false) type(answer);
        const item = find();
        if (!item) return false;
        box.selectedItems = [item];
        return note(box, ready);
      }),
    );
    this.replace('createInputBox', () =>
      fakeBox(next, (box, answer, type) => {
        type(answer);
        return note(box, (box.validationMessage as vscode.InputBoxValidationMessage | undefined)?.message);
      }),
    );
    this.replace(
      'showQuickPick',
      async (
        items: readonly vscode.QuickPickItem[] | Thenable<readonly vscode.QuickPickItem[]>,
        options?: vscode.QuickPickOptions,
      ) => {
        const answer = next(options?.title);
        if (answer === DISMISS) return undefined;
        const all = await items;
        if (options?.canPickMany && answer === AS_IT_STANDS) return all.filter(({ picked }) => picked === true);
        const found = all.find(fits(answer));
        return options?.canPickMany && found ? [found] : found;
      },
    );
    if (target) this.replace('showSaveDialog', () => Promise.resolve(target));
    this.replace('showInputBox', async (options?: vscode.InputBoxOptions) => {
      this.boxes.push({ title: options?.title ?? '', said: options?.value ?? '' });
      const answer = next(options?.title);
      return answer === DISMISS ? undefined : answer;
    });
    for (const name of ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const) {
      this.replace(name, async (message: string, ...rest: readonly unknown[]) => {
        this.told.push(message);
        return rest.find((item) => item === button);
      });
    }
  }

  restore(): void {
    for (const restore of this.restores.splice(0)) restore();
  }

  private replace(name: keyof typeof vscode.window, value: unknown): void {
    const window = vscode.window as unknown as Record<string, unknown>;
    const real = window[name];
    window[name] = value;
    this.restores.push(() => {
      window[name] = real;
    });
  }
}

type Box = Record<string, unknown> & {
  items: unknown;
  selectedItems: unknown;
  value: string;
  validationMessage: unknown;
};

/** A quick input that answers itself as soon as it is shown and can; a refusal stays and fails the wait of the test. */
function fakeBox(
  next: (title: string | undefined) => string,
  answer: (box: Box, text: string, type: (text: string) => void) => boolean,
): Box {
  const events = new Map<string, vscode.EventEmitter<unknown>>();
  const event = (name: string): vscode.EventEmitter<unknown> => {
    const known = events.get(name) ?? new vscode.EventEmitter();
    events.set(name, known);
    return known;
  };
  const box: Box = {
    items: [],
    selectedItems: [],
    activeItems: [],
    value: '',
    validationMessage: undefined,
    dispose: () => undefined,
    hide: () => {
      event('onDidHide').fire(undefined);
    },
    show: () => {
      const text = next(String(box['title']));
      const type = (typed: string): void => {
        box.value = typed;
        event('onDidChangeValue').fire(typed);
      };
      void (async () => {
        await until(
          `an answer "${text}" to "${String(box['title'])}" (${String(box['placeholder'] ?? box['prompt'])})`,
          () => answer(box, text, type),
          20_000,
        );
        event('onDidChangeSelection').fire(box.selectedItems);
        event('onDidAccept').fire(undefined);
      })();
    },
  };
  for (const name of ['onDidAccept', 'onDidHide', 'onDidChangeValue', 'onDidChangeSelection', 'onDidTriggerButton'])
    box[name] = event(name).event;
  return box;
}

interface Ready {
  readonly ca: string;
  readonly admin: { readonly url: string; readonly token: string };
}

/** Sets the emulator's faults; an empty list ends them. */
export function faults(rules: readonly object[]): Promise<void> {
  return control('PUT', '/faults', JSON.stringify(rules));
}

/** Has the emulator evaluate all its alert rules now. */
export function evaluateAlerts(): Promise<void> {
  return control('POST', '/alerts?all', '');
}

function control(method: 'PUT' | 'POST', path: string, body: string): Promise<void> {
  const { ca, admin } = JSON.parse(readFileSync(process.env['TENANTSCOPE_CLOUD']!, 'utf8')) as Ready;
  return new Promise((resolve, reject) => {
    const asked = request(
      `${admin.url}${path}`,
      { method, ca, headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' } },
      (response) => {
        response.resume();
        response.once('end', () => {
          if ((response.statusCode ?? 500) < 300) resolve();
          else reject(new Error(`${path}: ${response.statusCode}`));
        });
      },
    );
    asked.once('error', reject);
    asked.end(body);
  });
}
