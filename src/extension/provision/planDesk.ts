import { CodeLens, EventEmitter, Range, TabInputText, commands, env, languages, window } from 'vscode';
import type { CodeLensProvider, TextDocument, Uri } from 'vscode';
import { AppError, toAppError } from '../../base/errors.ts';
import { planSheet } from '../../core/changes/planSheet.ts';
import type { PlanState } from '../../core/changes/planSheet.ts';
import type { Plan } from '../../model/plan.ts';
import type { CommandId } from '../platform/commandIds.ts';
import { PLAN_SCHEME } from '../platform/virtualDocuments.ts';
import type { ProvisionDeps } from './carryOut.ts';
import { carryOut } from './carryOut.ts';
import { confirmPlan } from './confirmPlan.ts';
import { PLAN_LANGUAGE, layPlanDocument, planUriOf, showPlanDocument } from './planDocument.ts';

/** The documents whose plan can be carried out, for the buttons above them; and all that have one. */
const WAITING = 'tenantscope.plan.waiting';
const OPEN = 'tenantscope.plan.open';

/** A plan that lies open; `news` is said when it was carried out. */
interface OpenPlan {
  readonly plan: Plan;
  readonly news: string;
  state: PlanState;
}

/**
 * The plans that lie open as documents. Each is read whole, confirmed from its document, and the same document becomes
 * the receipt. Closing it is saying no: nothing was done.
 */
export class PlanDesk implements CodeLensProvider {
  private readonly deps: ProvisionDeps;
  private readonly open = new Map<string, OpenPlan>();
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(deps: ProvisionDeps) {
    this.deps = deps;
    const { store } = deps.app;
    store.add(this.changed);
    store.add(languages.registerCodeLensProvider({ scheme: PLAN_SCHEME, language: PLAN_LANGUAGE }, this));
    store.add(
      // Not by its document, which closes and opens again where its language is set.
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) if (input instanceof TabInputText) this.leave(input.uri);
      }),
    );
  }

  /** Lays a plan open to be read, in an editor with the whole height of the window. */
  async lay(plan: Plan, news: string): Promise<void> {
    const entry: OpenPlan = { plan, news, state: { kind: 'waiting' } };
    const uri = this.deps.app.documents.keep(titleOf(plan), planSheet(plan));
    this.open.set(uri.toString(), entry);
    this.tell();
    await layPlanDocument(uri);
  }

  /** Carries the plan of a document out, after what has to be asked; the document is the receipt then. */
  async carryOut(target: unknown): Promise<void> {
    const uri = uriOf(target);
    const entry = this.open.get(uri.toString());
    if (entry?.state.kind !== 'waiting' || isNothingToDo(entry.plan)) throw nothingHere();
    const typed = await confirmPlan(this.deps.app.notify, entry.plan);
    if (typed === undefined) return;
    if (this.open.get(uri.toString())?.state !== entry.state) throw nothingHere();
    const write = (state: PlanState): void => {
      entry.state = state;
      this.deps.app.documents.rewrite(uri, planSheet(entry.plan, state));
      this.tell();
    };
    write({ kind: 'running', message: 'begun' });
    try {
      const result = await carryOut(this.deps, entry.plan, typed.name, (message) => {
        write({ kind: 'running', message });
      });
      write({ kind: 'over', result });
      if (result.ok) this.deps.app.notify.info(entry.news);
      await this.deps.app.guard.quiet('plan.receipt', () => showPlanDocument(uri));
      // The lenses of the text before may have been asked for in between.
      this.tell();
      if (result.error) this.deps.app.notify.failure(result.error);
    } catch (thrown) {
      const { family, message } = toAppError(thrown);
      // The worker that knew how far it had come is gone: only the service knows now.
      const unknown =
        family === 'engine' ? ' What was done by then only the service knows: look at the Estate view.' : '';
      write({ kind: 'lost', message: `${message}${unknown}` });
      throw thrown;
    }
  }

  /** The same work for other tools, on the clipboard. */
  async copy(target: unknown, what: 'commands' | 'template'): Promise<void> {
    const plan = this.planOf(target);
    await env.clipboard.writeText(what === 'commands' ? plan.commands.join('\n') : plan.template);
  }

  /** The plan of a document that lies open, whatever became of it. Throws `input.noPlan`. */
  planOf(target: unknown): Plan {
    const plan = this.open.get(uriOf(target).toString())?.plan;
    if (!plan) throw nothingHere();
    return plan;
  }

  provideCodeLenses({ uri }: TextDocument): CodeLens[] {
    const entry = this.open.get(uri.toString());
    if (!entry) return [];
    const lens = (title: string, command: CommandId): CodeLens =>
      new CodeLens(new Range(0, 0, 0, 0), { title, command, arguments: [uri] });
    return [
      ...(entry.state.kind === 'waiting' && !isNothingToDo(entry.plan)
        ? [lens('$(play) Carry out this plan', 'tenantscope.plan.carryOut')]
        : []),
      ...(entry.plan.commands.length > 0
        ? [lens('$(copy) Copy as Azure CLI commands', 'tenantscope.plan.copyCommands')]
        : []),
      ...(entry.plan.template ? [lens('$(copy) Copy as ARM template', 'tenantscope.plan.copyTemplate')] : []),
      ...(isNothingToDo(entry.plan) ? [] : [lens('$(export) Export plan as...', 'tenantscope.plan.exportAs')]),
    ];
  }

  /** Nothing is done with a plan that was closed; its receipt can be closed, too. */
  private leave(uri: Uri): void {
    const state = this.open.get(uri.toString())?.state;
    if (state === undefined || state.kind === 'running') return;
    this.open.delete(uri.toString());
    this.tell();
  }

  private tell(): void {
    const waiting = [...this.open].filter(([, { plan, state }]) => state.kind === 'waiting' && !isNothingToDo(plan));
    void commands.executeCommand(
      'setContext',
      WAITING,
      waiting.map(([uri]) => uri),
    );
    void commands.executeCommand('setContext', OPEN, [...this.open.keys()]);
    this.changed.fire();
  }
}

/** True where every change of the plan is there already. */
function isNothingToDo(plan: Plan): boolean {
  return plan.changes.every((change) => change.action === 'none');
}

function titleOf({ title }: Plan): string {
  return title.length > 80 ? `${title.slice(0, 80)}...` : title;
}

/** The plan's document that a command is about. Throws `input.noPlan`. */
function uriOf(target: unknown): Uri {
  const uri = planUriOf(target);
  if (!uri) throw nothingHere();
  return uri;
}

function nothingHere(): AppError {
  return new AppError(
    'input.noPlan',
    'There is no plan to carry out in this document: it was carried out, closed, or made before the window was loaded. Plan again.',
  );
}
