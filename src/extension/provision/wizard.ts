import { InputBoxValidationSeverity, QuickInputButtons, QuickPickItemKind, window } from 'vscode';
import type { QuickInputButton, QuickPickItem } from 'vscode';
import { LocalSignal } from '../../base/rpc.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { FieldWord } from '../../core/provision/fieldWords.ts';
import { plainMessage } from '../platform/plainMessage.ts';
import type { PickHeading, PickItem } from './pickItems.ts';
import { stepsShown } from './stepsShown.ts';

/** What a step answers: part of the state, or that the person went back, or that they gave up (undefined). */
export const BACK = Symbol('back');
/** What a step gives: a part of the answers, one step back, or undefined where the person gave up. */
export type StepAnswer<S> = Partial<S> | typeof BACK | undefined;

/** One box of the wizard. */
export interface WizardStep<S> {
  /** Left out of the way, forwards and backwards, while this holds. */
  skip?(state: Partial<S>): boolean;
  ask(state: Partial<S>, frame: StepFrame): Promise<StepAnswer<S>>;
}

/** Where a step stands in the whole; every box of the wizard shows it. */
export interface StepFrame {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack: boolean;
}

/**
 * Runs native quick inputs one after the other with a back button. Undefined where the person gave up; answers survive
 * going back. `likely`: what most people answer, for the number of steps.
 */
export async function runWizard<S>(
  title: (state: Partial<S>) => string,
  steps: readonly WizardStep<S>[],
  initial: Partial<S> = {},
  likely: Partial<S> = {},
): Promise<Partial<S> | undefined> {
  let state = initial;
  const way: number[] = [];
  let at = nextStep(steps, initial, 0);
  while (at < steps.length) {
    const answer = await steps[at]!.ask(state, {
      title: title(state),
      step: way.length + 1,
      totalSteps: stepsShown(steps, way, state, likely),
      canGoBack: way.length > 0,
    });
    if (answer === undefined) return undefined;
    if (answer === BACK) {
      at = way.pop() ?? 0;
      continue;
    }
    state = { ...state, ...answer };
    way.push(at);
    at = nextStep(steps, state, at + 1);
  }
  return state;
}

function nextStep<S>(steps: readonly WizardStep<S>[], state: Partial<S>, from: number): number {
  const at = steps.findIndex((step, index) => index >= from && !step.skip?.(state));
  return at < 0 ? steps.length : at;
}

/** A list to choose from. */
export interface PickOptions<T> {
  readonly placeholder: string;
  readonly items: Eventually<readonly (PickItem<T> | PickHeading)[]>;
  /** The value of the line that stands ready. */
  readonly ready?: Eventually<T | undefined>;
  /** A line of its own for what was typed: it stands first. */
  readonly typed?: (text: string) => PickItem<T> | undefined;
  /** To be known beside the list; shown behind the placeholder. */
  readonly hint?: Promise<string | undefined>;
}

type Eventually<T> = T | Promise<T>;
type Line<T> = QuickPickItem & { readonly item?: PickItem<T> };

/**
 * One choice from a list that may still be on its way. A list that cannot be had is said in the box; going back is
 * still possible. A line that is refused cannot be chosen.
 */
export async function askPick<T>(
  frame: StepFrame,
  { placeholder, items, ready, typed, hint }: PickOptions<T>,
): Promise<PickItem<T> | typeof BACK | undefined> {
  const store = new DisposableStore();
  const box = store.add(window.createQuickPick<Line<T>>());
  let lines: readonly Line<T>[] = [];
  const fill = async (): Promise<void> => {
    try {
      lines = (await items).map(toLine);
      const wanted = await ready;
      const hinted = await hint;
      if (hinted !== undefined) box.placeholder = plainMessage(`${placeholder}. ${hinted}`);
      box.items = lines;
      const active = wanted === undefined ? undefined : lines.find(({ item }) => item?.value === wanted);
      if (active) box.activeItems = [active];
    } catch (error) {
      box.placeholder = plainMessage(toAppError(error).message);
    }
    box.busy = false;
  };
  const hear = (text: string): void => {
    const item = typed?.(text);
    box.items = item ? [{ ...toLine(item), alwaysShow: true }, ...lines] : lines;
    if (item) box.activeItems = box.items.slice(0, 1);
  };
  try {
    return await new Promise((resolve) => {
      dress(box, frame);
      box.placeholder = placeholder;
      box.matchOnDescription = true;
      box.matchOnDetail = typed === undefined;
      box.busy = true;
      if (typed) store.add(box.onDidChangeValue(hear));
      store.add(
        box.onDidTriggerButton((button) => {
          if (button === QuickInputButtons.Back) resolve(BACK);
        }),
      );
      store.add(
        box.onDidAccept(() => {
          const item = box.selectedItems[0]?.item;
          if (item && !item.refused) resolve(item);
        }),
      );
      store.add(
        box.onDidHide(() => {
          resolve(undefined);
        }),
      );
      box.show();
      void fill();
    });
  } finally {
    store.dispose();
  }
}

function toLine<T>(item: PickItem<T> | PickHeading): Line<T> {
  if ('heading' in item) return { label: item.heading, kind: QuickPickItemKind.Separator };
  const { label, description, detail } = item;
  return {
    label,
    item,
    ...(description === undefined ? {} : { description }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** A text to ask for, and how it is looked at. */
export interface InputOptions<C> {
  /** What is asked for, in a word or two: VS Code hides the prompt where something is said of the text. */
  readonly field: string;
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  /** What is right or wrong about the text, at every keystroke. */
  word(text: string): FieldWord;
  /** An empty text is an answer, and has a word of its own. */
  readonly optional?: boolean;
  /** A question to somebody else about a text that will do: asked after a pause, and before the box closes. */
  check?(text: string, signal: CancelSignal): Promise<Checked<C>>;
}

/** What somebody else says of a text, and the word for it. */
interface Checked<C> {
  readonly word: FieldWord;
  readonly result: C;
}

const PAUSE_MS = 350;
const SEVERITIES = {
  wrong: InputBoxValidationSeverity.Error,
  careful: InputBoxValidationSeverity.Warning,
  right: InputBoxValidationSeverity.Info,
} as const;

/** One text, validated while it is typed. The result of the last check comes with it. */
export async function askText<C = undefined>(
  frame: StepFrame,
  options: InputOptions<C>,
): Promise<{ readonly text: string; readonly checked?: C } | typeof BACK | undefined> {
  const store = new DisposableStore();
  const box = store.add(window.createInputBox());
  let timer: NodeJS.Timeout | undefined;
  let running:
    | { readonly text: string; readonly signal: LocalSignal; readonly answer: Promise<Checked<C> | undefined> }
    | undefined;
  const say = (word: FieldWord | undefined): void => {
    const message = word && plainMessage(`${options.field}: ${word.text}`);
    box.validationMessage = word && { message: message!, severity: SEVERITIES[word.kind] };
  };
  const check = (text: string): Promise<Checked<C> | undefined> => {
    if (running?.text === text) return running.answer;
    running?.signal.abort();
    const signal = new LocalSignal();
    box.busy = true;
    const answer = Promise.resolve(options.check?.(text, signal))
      .catch((error: unknown) => {
        // Not knowing is no refusal: the service has the last word when the plan is carried out.
        running = undefined;
        if (!signal.aborted && box.value === text) say({ kind: 'careful', text: toAppError(error).message });
        return undefined;
      })
      .finally(() => {
        if (box.value === text) box.busy = false;
      });
    running = { text, signal, answer };
    return answer;
  };
  /** Says what came of a text that still stands in the box; the answer where it is no refusal. */
  const hear = async (text: string): Promise<{ readonly result?: C } | undefined> => {
    const answer = await check(text);
    if (box.value.trim() !== text.trim()) return undefined;
    if (answer) say(answer.word);
    return answer?.word.kind === 'wrong' ? undefined : (answer ?? {});
  };
  const accept = async (): Promise<{ readonly text: string; readonly checked?: C } | undefined> => {
    const text = box.value.trim();
    const word = options.word(text);
    if (word.kind === 'wrong') {
      say(word);
      return undefined;
    }
    if (!options.check) return { text };
    const answer = await hear(text);
    return answer && { text, ...(answer.result === undefined ? {} : { checked: answer.result }) };
  };
  const look = (text: string): void => {
    clearTimeout(timer);
    running?.signal.abort();
    running = undefined;
    box.busy = false;
    // An empty box says what it is for, and what an empty answer means.
    const word = text.trim() === '' ? undefined : options.word(text.trim());
    say(word);
    if (!word || word.kind === 'wrong' || !options.check) return;
    timer = setTimeout(() => {
      void hear(text.trim());
    }, PAUSE_MS);
  };
  try {
    return await new Promise((resolve) => {
      dress(box, frame);
      box.prompt = options.optional ? `${options.prompt}. ${options.word('').text}` : options.prompt;
      box.value = options.value ?? '';
      if (options.placeholder) box.placeholder = options.placeholder;
      look(box.value);
      store.add(box.onDidChangeValue(look));
      store.add(
        box.onDidTriggerButton((button: QuickInputButton) => {
          if (button === QuickInputButtons.Back) resolve(BACK);
        }),
      );
      store.add(
        box.onDidHide(() => {
          resolve(undefined);
        }),
      );
      store.add(
        box.onDidAccept(async () => {
          const answer = await accept();
          if (answer) resolve(answer);
        }),
      );
      box.show();
    });
  } finally {
    clearTimeout(timer);
    running?.signal.abort();
    store.dispose();
  }
}

interface Box {
  title: string | undefined;
  step: number | undefined;
  totalSteps: number | undefined;
  ignoreFocusOut: boolean;
  buttons: readonly QuickInputButton[];
}

function dress(box: Box, frame: StepFrame): void {
  box.title = plainMessage(frame.title);
  const only = frame.totalSteps === 1;
  box.step = only ? undefined : frame.step;
  box.totalSteps = only ? undefined : frame.totalSteps;
  // Ten answers are too much to lose to a click beside the box.
  box.ignoreFocusOut = true;
  box.buttons = frame.canGoBack ? [QuickInputButtons.Back] : [];
}
