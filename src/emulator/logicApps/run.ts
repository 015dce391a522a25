import { evaluate } from './evaluate.ts';
import type { References } from './evaluate.ts';
import { TemplateFault } from './expression.ts';
import { holds } from './condition.ts';
import { durationMs } from './duration.ts';
import { sendHttp } from './http.ts';
import type { HttpWorld } from './http.ts';
import type { Json } from '../expressionReader.ts';
import type { ActionDefinition, ActionRecord, Actions, WorkflowDefinition, WorkflowStatus } from './workflow.ts';

/** What an action came to. */
interface Outcome {
  readonly status: WorkflowStatus;
  readonly code?: string;
  readonly outputs?: Json;
  readonly error?: { readonly code: string; readonly message: string };
  readonly repetitions?: number;
}

/** What a run needs from around it. */
export interface RunWorld extends HttpWorld {
  /** Text of now. */
  readonly now: () => string;
  readonly trigger: Json;
  readonly parameters: Readonly<Record<string, Json>>;
  /** Hears of each action that ended. */
  readonly ended: (record: ActionRecord) => void;
}

/** Items of a loop (Consumption). */
const MOST_ITEMS = 100_000;
const FOREACH_AT_ONCE = 20;
const UNTIL = { count: 60, timeout: 'PT1H' } as const;

/** Actions that ran side by side: of one repetition of a loop, or of a branch; what is around them can be seen. */
class Frame {
  readonly outcomes = new Map<string, Outcome>();
  private readonly around: Frame | undefined;
  private readonly loop: { readonly name: string; readonly item: Json } | undefined;

  constructor(around?: Frame, loop?: { readonly name: string; readonly item: Json }) {
    this.around = around;
    this.loop = loop;
  }
  find(action: string): Outcome | undefined {
    return this.outcomes.get(action) ?? this.around?.find(action);
  }
  item(loop: string | undefined): Json | undefined {
    if (this.loop && (loop === undefined || this.loop.name === loop)) return this.loop.item;
    return this.around?.item(loop);
  }
}

/** Runs a definition to its end; how it came out. Never rejects, but where the emulator itself is at fault. */
export async function runDefinition(
  { actions = {} }: WorkflowDefinition,
  world: RunWorld,
): Promise<{ readonly status: WorkflowStatus; readonly error?: Outcome['error'] }> {
  const { status, error } = await new Interpreter(world).scope(actions, new Frame());
  return { status, ...(error ? { error } : {}) };
}

class Interpreter {
  private readonly world: RunWorld;
  private readonly variables = new Map<string, Json>();

  constructor(world: RunWorld) {
    this.world = world;
  }

  /**
   * Actions that stand together, each as soon as those are over that it runs after. Branches share the frame of what
   * stands around them: what they did can be referred to afterwards.
   */
  async scope(actions: Actions, frame: Frame): Promise<Outcome> {
    const started = new Map<string, Promise<Outcome>>();
    const start = (name: string): Promise<Outcome> => {
      let running = started.get(name);
      if (!running) started.set(name, (running = this.action(name, actions[name]!, frame, start)));
      return running;
    };
    await Promise.all(Object.keys(actions).map(start));
    return scopeOutcome(actions, frame);
  }

  private async action(
    name: string,
    action: ActionDefinition,
    frame: Frame,
    start: (name: string) => Promise<Outcome>,
  ): Promise<Outcome> {
    const before = await Promise.all(
      Object.entries(action.runAfter ?? {}).map(async ([other, wanted]) =>
        wanted.includes((await start(other)).status),
      ),
    );
    const startTime = this.world.now();
    const outcome = before.every(Boolean)
      ? await this.perform(name, action, frame)
      : ({ status: 'Skipped', code: 'ActionSkipped' } as const);
    frame.outcomes.set(name, outcome);
    this.world.ended({
      name,
      status: outcome.status,
      code: outcome.code ?? (outcome.status === 'Succeeded' ? 'OK' : (outcome.error?.code ?? outcome.status)),
      startTime,
      endTime: this.world.now(),
      ...(outcome.error ? { error: outcome.error } : {}),
      ...(outcome.repetitions === undefined ? {} : { repetitions: outcome.repetitions }),
    });
    return outcome;
  }

  private async perform(name: string, action: ActionDefinition, frame: Frame): Promise<Outcome> {
    try {
      if (this.world.signal.aborted) return { status: 'Cancelled' };
      return await this.byType(name, action, frame);
    } catch (thrown) {
      if (thrown instanceof TemplateFault) {
        const message = `Unable to process template language expressions in action '${name}': '${thrown.message}'`;
        return { status: 'Failed', error: { code: thrown.code, message } };
      }
      throw thrown;
    }
  }

  private byType(name: string, action: ActionDefinition, frame: Frame): Outcome | Promise<Outcome> {
    const references = this.references(frame);
    const value = (text: Json | undefined): Json => evaluate(text ?? null, references);
    switch (action.type) {
      case 'Http':
        return sendHttp(value(action.inputs), this.world);
      case 'Foreach':
        return this.foreach(name, action, value(action.foreach), frame);
      case 'Until':
        return this.until(action, frame);
      case 'If':
        return this.scope((holds(action.expression, references) ? action.actions : action.else?.actions) ?? {}, frame);
      case 'Switch': {
        const wanted = value(action.expression);
        const chosen = Object.values(action.cases ?? {}).find((one) => value(one.case) === wanted);
        return this.scope((chosen ?? action.default)?.actions ?? {}, frame);
      }
      case 'Scope':
        return this.scope(action.actions ?? {}, frame);
      case 'Wait':
        return this.wait(value(action.inputs));
      case 'InitializeVariable':
      case 'SetVariable':
        return this.setVariable(action, value(action.inputs));
      case 'Query':
      case 'Select':
        return this.overItems(action, frame);
      case 'ParseJson': {
        const content = (value(action.inputs) as { readonly content: Json }).content;
        return done(typeof content === 'string' ? parsed(content) : content);
      }
      default:
        return done(value(action.inputs));
    }
  }

  private async foreach(name: string, action: ActionDefinition, items: Json, frame: Frame): Promise<Outcome> {
    if (!Array.isArray(items))
      throw new TemplateFault(
        `The execution of template action '${name}' failed: the result of the evaluation of 'foreach' expression is of type '${items === null ? 'Null' : typeof items}'. The result must be a valid array.`,
      );
    if (items.length > MOST_ITEMS)
      throw new TemplateFault(
        `The execution of template action '${name}' failed: 'foreach' has '${items.length}' items, and at most '${MOST_ITEMS}' are allowed.`,
      );
    const atOnce =
      action.operationOptions === 'Sequential'
        ? 1
        : (action.runtimeConfiguration?.concurrency?.repetitions ?? FOREACH_AT_ONCE);
    let next = 0;
    let failed = 0;
    const work = async (): Promise<void> => {
      while (next < items.length) {
        const item = items[next++]!;
        const { status } = await this.scope(action.actions ?? {}, new Frame(frame, { name, item }));
        if (status !== 'Succeeded') failed++;
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
    if (failed === 0) return { status: 'Succeeded', repetitions: items.length };
    return { ...actionFailed(), repetitions: items.length };
  }

  private async until(action: ActionDefinition, frame: Frame): Promise<Outcome> {
    const { count = UNTIL.count, timeout = UNTIL.timeout } = action.limit ?? {};
    const begun = this.world.elapsed();
    for (let repetitions = 1; ; repetitions++) {
      const inside = new Frame(frame);
      const { status } = await this.scope(action.actions ?? {}, inside);
      // What the last repetition did can be referred to afterwards.
      for (const [name, outcome] of inside.outcomes) frame.outcomes.set(name, outcome);
      if (status !== 'Succeeded') return { ...actionFailed(), repetitions };
      if (evaluate(action.expression ?? null, this.references(frame)) === true)
        return { status: 'Succeeded', repetitions };
      // A loop that comes to its limit is over, and nothing more.
      if (repetitions >= count || this.world.elapsed() - begun > durationMs(timeout))
        return { status: 'Succeeded', repetitions };
    }
  }

  private async wait(inputs: Json): Promise<Outcome> {
    const { interval } = inputs as { readonly interval?: { readonly count: number; readonly unit: string } };
    const unit = UNITS[interval?.unit ?? ''];
    if (!interval || unit === undefined)
      throw new TemplateFault("The emulator waits for an 'interval' in Second, Minute, Hour or Day alone.");
    await this.world.sleep(interval.count * unit);
    return { status: this.world.signal.aborted ? 'Cancelled' : 'Succeeded' };
  }

  private setVariable(action: ActionDefinition, inputs: Json): Outcome {
    const { name, value, variables } = inputs as {
      readonly name?: string;
      readonly value?: Json;
      readonly variables?: readonly { readonly name: string; readonly value?: Json }[];
    };
    if (action.type === 'InitializeVariable') {
      for (const one of variables ?? []) this.variables.set(one.name, one.value ?? null);
      return done(inputs);
    }
    if (!this.variables.has(name!))
      throw new TemplateFault(`The variable '${name}' must be initialized before it can be used.`);
    this.variables.set(name!, value ?? null);
    return done({ name: name!, value: value ?? null });
  }

  private overItems({ type, inputs }: ActionDefinition, frame: Frame): Outcome {
    const { from, where, select } = inputs as { readonly from: Json; readonly where?: Json; readonly select?: Json };
    const items = evaluate(from, this.references(frame));
    if (!Array.isArray(items))
      throw new TemplateFault(
        `The 'from' property value in the '${type.toLowerCase()}' action inputs is not an array.`,
      );
    const at = (item: Json, text: Json | undefined): Json =>
      evaluate(text ?? null, this.references(new Frame(frame, { name: '', item })));
    const body =
      type === 'Query' ? items.filter((item) => at(item, where) === true) : items.map((item) => at(item, select));
    return done({ body });
  }

  private references(frame: Frame): References {
    const { world, variables } = this;
    const missing = (what: string, name: string): never => {
      throw new TemplateFault(`The template language function '${what}' refers to '${name}', which has not run.`);
    };
    const outputs = (action: string): Json => (frame.find(action) ?? missing('outputs', action)).outputs ?? null;
    return {
      parameters: (name) => world.parameters[name] ?? missing('parameters', name),
      variables: (name) => variables.get(name) ?? missing('variables', name),
      outputs,
      body: (action) => {
        const found = outputs(action);
        return found !== null && typeof found === 'object' && !Array.isArray(found) ? (found['body'] ?? null) : null;
      },
      item: (loop) => frame.item(loop) ?? missing('items', loop ?? 'item'),
      trigger: () => world.trigger,
      utcNow: world.now,
    };
  }
}

function done(outputs: Json): Outcome {
  return { status: 'Succeeded', outputs };
}

function actionFailed(): Outcome {
  return {
    status: 'Failed',
    error: { code: 'ActionFailed', message: 'An action failed. No dependent actions succeeded.' },
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new TemplateFault('The provided value cannot be parsed as JSON.');
  }
}

/**
 * Actions together failed where one of those nothing runs after has; one that was skipped there is as those it waited
 * for.
 */
function scopeOutcome(actions: Actions, frame: Frame): Outcome {
  const waitedFor = new Set(Object.values(actions).flatMap(({ runAfter = {} }) => Object.keys(runAfter)));
  const isBad = (name: string): boolean => {
    const { status } = frame.outcomes.get(name)!;
    if (status === 'Skipped') return Object.keys(actions[name]!.runAfter ?? {}).some(isBad);
    return status !== 'Succeeded';
  };
  return Object.keys(actions).some((name) => !waitedFor.has(name) && isBad(name))
    ? actionFailed()
    : { status: 'Succeeded' };
}

const UNITS: Readonly<Record<string, number>> = { Second: 1_000, Minute: 60_000, Hour: 3_600_000, Day: 86_400_000 };
