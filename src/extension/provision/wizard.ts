import { InputBoxValidationSeverity, QuickInputButtons, window } from 'vscode';
import type { QuickInputButton, QuickPickItem } from 'vscode';
import { LocalSignal } from '../../base/rpc.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { plainMessage } from '../platform/plainMessage.ts';

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
 * going back.
 */
export async function runWizard<S>(
  title: string,
  steps: readonly WizardStep<S>[],
  initial: Partial<S> = {},
): Promise<Partial<S> | undefined> {
  let state = initial;
  const way: number[] = [];
  let at = nextStep(steps, initial, 0);
  while (at < steps.length) {
    const shown = steps.filter((step, index) => way.includes(index) || !step.skip?.(state)).length;
    const answer = await steps[at]!.ask(state, {
      title,
      step: way.length + 1,
      totalSteps: shown,
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

/** A list to choose from; `isActive` says which item stands ready. */
export interface PickOptions<T extends QuickPickItem> {
  readonly placeholder: string;
  readonly items: readonly T[] | Promise<readonly T[]>;
  readonly isActive?: (item: T) => boolean;
}

/**
 * One choice from a list that may still be on its way. A list that cannot be had is said in the box; going back is
 * still possible.
 */
export async function askPick<T extends QuickPickItem>(
  frame: StepFrame,
  { placeholder, items, isActive }: PickOptions<T>,
): Promise<T | typeof BACK | undefined> {
  const store = new DisposableStore();
  const box = store.add(window.createQuickPick<T>());
  const fill = async (): Promise<void> => {
    try {
      const list = await items;
      box.items = list;
      const active = isActive && list.find(isActive);
      if (active) box.activeItems = [active];
    } catch (error) {
      box.placeholder = toAppError(error).message;
    }
    box.busy = false;
  };
  try {
    return await new Promise((resolve) => {
      dress(box, frame);
      box.placeholder = placeholder;
      box.matchOnDescription = true;
      box.matchOnDetail = true;
      box.busy = true;
      store.add(
        box.onDidTriggerButton((button) => {
          if (button === QuickInputButtons.Back) resolve(BACK);
        }),
      );
      store.add(
        box.onDidAccept(() => {
          const [item] = box.selectedItems;
          if (item) resolve(item);
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

/** A text to ask for, and how it is looked at. */
export interface InputOptions<C> {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  /** Why the text will not do, at every keystroke. */
  validate(text: string): string | undefined;
  /** A question to somebody else about a text that is valid: asked after a pause, and before the box closes. */
  check?(text: string, signal: CancelSignal): Promise<{ readonly refusal?: string; readonly result: C }>;
}

const PAUSE_MS = 350;

/** One text, validated while it is typed. The result of the last check comes with it. */
export async function askText<C = undefined>(
  frame: StepFrame,
  options: InputOptions<C>,
): Promise<{ readonly text: string; readonly checked?: C } | typeof BACK | undefined> {
  const store = new DisposableStore();
  const box = store.add(window.createInputBox());
  let timer: NodeJS.Timeout | undefined;
  let running:
    | {
        readonly text: string;
        readonly signal: LocalSignal;
        readonly answer: Promise<{ readonly refusal?: string; readonly result: C } | undefined>;
      }
    | undefined;
  const check = (text: string): NonNullable<typeof running>['answer'] => {
    if (running?.text === text) return running.answer;
    running?.signal.abort();
    const signal = new LocalSignal();
    box.busy = true;
    const answer = Promise.resolve(options.check?.(text, signal))
      .catch((error: unknown) => {
        // Not knowing is no refusal: the service has the last word when the plan is carried out.
        running = undefined;
        if (!signal.aborted && box.value === text)
          box.validationMessage = {
            message: plainMessage(toAppError(error).message),
            severity: InputBoxValidationSeverity.Warning,
          };
        return undefined;
      })
      .finally(() => {
        if (box.value === text) box.busy = false;
      });
    running = { text, signal, answer };
    return answer;
  };
  /** Shows the refusal of a text that still stands in the box; the answer where there is none. */
  const refuseIfNeeded = async (text: string): Promise<{ readonly result?: C } | undefined> => {
    const answer = await check(text);
    if (box.value.trim() !== text.trim()) return undefined;
    if (answer?.refusal === undefined) return answer ?? {};
    box.validationMessage = plainMessage(answer.refusal);
    return undefined;
  };
  const accept = async (): Promise<{ readonly text: string; readonly checked?: C } | undefined> => {
    const text = box.value.trim();
    const wrong = options.validate(text);
    if (wrong) {
      box.validationMessage = wrong;
      return undefined;
    }
    if (!options.check) return { text };
    const answer = await refuseIfNeeded(text);
    return answer && { text, ...(answer.result === undefined ? {} : { checked: answer.result }) };
  };
  const look = (text: string): void => {
    clearTimeout(timer);
    running?.signal.abort();
    running = undefined;
    box.busy = false;
    box.validationMessage = text === '' ? undefined : options.validate(text);
    if (text === '' || box.validationMessage || !options.check) return;
    timer = setTimeout(() => {
      void refuseIfNeeded(text);
    }, PAUSE_MS);
  };
  try {
    return await new Promise((resolve) => {
      dress(box, frame);
      box.prompt = options.prompt;
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
  box.title = frame.title;
  box.step = frame.step;
  box.totalSteps = frame.totalSteps;
  // Ten answers are too much to lose to a click beside the box.
  box.ignoreFocusOut = true;
  box.buttons = frame.canGoBack ? [QuickInputButtons.Back] : [];
}
