import { EventEmitter, TabInputText, commands, env, languages, window } from 'vscode';
import { CodeLens, Range, Uri } from 'vscode';
import type { CodeLensProvider, TextDocument } from 'vscode';
import { AppError, toAppError } from '../../../base/errors.ts';
import { visibleText } from '../../../base/visibleText.ts';
import type { CustomerPaper } from '../../../protocol/onboarding.ts';
import type { CommandId } from '../../platform/commandIds.ts';
import { withCancellableProgress } from '../../platform/progress.ts';
import type { Report } from '../../platform/progress.ts';
import { PLAN_SCHEME } from '../../platform/virtualDocuments.ts';
import type { ProvisionDeps } from '../carryOut.ts';
import { PLAN_LANGUAGE, layPlanDocument, planUriOf, showPlanDocument } from '../planDocument.ts';
import { lensesOf } from './paperLenses.ts';
import type { PaperPhase } from './paperLenses.ts';
import { tellOutcome, tellWaiting } from './paperNews.ts';

/** The documents that have something to carry out, for the buttons above them; and all of customers. */
const WAITING = 'tenantscope.onboarding.waiting';
const OPEN = 'tenantscope.onboarding.open';

/** How a paper is looked at again and carried out; `carryOut` gives undefined where the person thought again. */
export interface PaperWork {
  readonly again?: () => Promise<CustomerPaper | undefined>;
  readonly carryOut: (paper: CustomerPaper) => Promise<(() => Promise<CustomerPaper>) | undefined>;
}

/** A customer's document that lies open. */
interface OpenPaper {
  readonly uri: Uri;
  readonly work: PaperWork;
  paper: CustomerPaper;
  phase: PaperPhase;
}

/**
 * Customers that come or go, each one document from its first look to its receipt: what its administrator has to do,
 * what stands in the way, the plan, what was agreed, and what was done. Closing it is saying no.
 */
export class CustomerDesk implements CodeLensProvider {
  private readonly deps: ProvisionDeps;
  private readonly open = new Map<string, OpenPaper>();
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(deps: ProvisionDeps) {
    this.deps = deps;
    const { store, worker, guard } = deps.app;
    store.add(this.changed);
    store.add(languages.registerCodeLensProvider({ scheme: PLAN_SCHEME, language: PLAN_LANGUAGE }, this));
    store.add(
      worker.on('onboarding.agreed', ({ id, text }) => {
        guard.background('onboarding.agreed', () => this.showAgreed(id, text));
      }),
    );
    store.add(
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) if (input instanceof TabInputText) this.leave(input.uri);
      }),
    );
  }

  /** Lays a customer's document open. */
  async lay(paper: CustomerPaper, work: PaperWork): Promise<void> {
    const uri = this.deps.app.documents.keep(paper.title.slice(0, 80), paper.text);
    this.open.set(uri.toString(), { uri, work, paper, phase: 'still' });
    await layPlanDocument(uri);
    this.tell();
    tellWaiting(this.deps.app.notify, paper, uri);
  }

  /** Does what a document says, after what has to be asked; the document is the receipt then. */
  async carryOut(target: unknown): Promise<void> {
    const entry = this.find(target);
    const { paper, work } = entry;
    if (entry.phase === 'asking') return this.answer(entry, true);
    if (entry.phase !== 'still' || paper.state !== 'planned') throw nothingHere();
    const begin = await work.carryOut(paper);
    if (!begin || !this.isOpen(entry) || this.phaseOf(entry) !== 'still') return;
    this.write(entry, 'running', paper.text);
    try {
      const done = await withCancellableProgress(paper.title, (report, signal) => {
        const onAbort = (): void => {
          const { guard, worker } = this.deps.app;
          guard.background('onboarding.cancel', () => worker.request('onboarding.cancel', { id: paper.id }));
        };
        signal.addEventListener('abort', onAbort);
        return this.hearing(entry, report, begin);
      });
      entry.paper = done;
      this.write(entry, 'still', done.text);
      await this.showOutcome(entry);
    } catch (thrown) {
      const { message } = toAppError(thrown);
      entry.paper = { ...paper, state: 'failed' };
      this.write(entry, 'still', `${visibleText(paper.title)}\n\nNO RECEIPT - ${visibleText(message)}\n`);
      throw thrown;
    }
  }

  /** What was agreed is not wanted now. */
  async decline(target: unknown): Promise<void> {
    const entry = this.find(target);
    if (entry.phase !== 'asking') throw nothingHere();
    await this.answer(entry, false);
  }

  /** Looks at the customer anew, in the same document. */
  async checkAgain(target: unknown): Promise<void> {
    const entry = this.find(target);
    if (entry.phase !== 'still' || !entry.work.again) throw nothingHere();
    const paper = await entry.work.again();
    if (!paper || !this.isOpen(entry)) return;
    entry.paper = paper;
    this.write(entry, 'still', paper.text);
    await showPlanDocument(entry.uri);
    tellWaiting(this.deps.app.notify, paper, entry.uri);
  }

  /** What the customer's administrator has to do, on the clipboard. */
  async copyText(target: unknown): Promise<void> {
    const { paper } = this.find(target);
    if (paper.request === undefined) throw nothingHere();
    await env.clipboard.writeText(paper.request);
    window.setStatusBarMessage('Text for the customer copied', 3000);
  }

  /** The customer's folder, where the system shows files. */
  async openFolder(target: unknown): Promise<void> {
    await commands.executeCommand('revealFileInOS', Uri.file(this.find(target).paper.folder));
  }

  provideCodeLenses({ uri }: TextDocument): CodeLens[] {
    const entry = this.open.get(uri.toString());
    if (!entry) return [];
    return lensesOf(entry.paper, entry.phase, entry.work.again !== undefined).map(
      ({ title, command }) => new CodeLens(new Range(0, 0, 0, 0), { title, command, arguments: [uri] }),
    );
  }

  private async hearing(
    { paper, ...entry }: OpenPaper,
    report: Report,
    work: () => Promise<CustomerPaper>,
  ): Promise<CustomerPaper> {
    const listening = this.deps.app.worker.on('onboarding.progress', ({ id, message, text }) => {
      if (id !== paper.id) return;
      report(message);
      const open = this.open.get(entry.uri.toString());
      if (open?.phase === 'running') this.write(open, 'running', text);
    });
    try {
      return await work();
    } finally {
      listening.dispose();
    }
  }

  /** What was agreed stands in the customer's document, to be read and answered from there. */
  private async showAgreed(id: string, text: string): Promise<void> {
    const entry = [...this.open.values()].find(({ paper, phase }) => paper.id === id && phase === 'running');
    if (!entry) {
      await this.deps.app.worker.request('onboarding.agree', { id, yes: false });
      return;
    }
    this.write(entry, 'asking', text);
    await showPlanDocument(entry.uri);
    this.tell();
    const choose = (title: string, command: CommandId) => ({ title, command, args: [entry.uri] });
    this.deps.app.notify.info(
      `The workspace of ${entry.paper.name} answers. What the baseline agrees with it is shown: read it, and say whether it is made.`,
      choose('Make It So', 'tenantscope.onboarding.carryOut'),
      choose('Not Now', 'tenantscope.onboarding.decline'),
    );
  }

  private async answer(entry: OpenPaper, yes: boolean): Promise<void> {
    entry.phase = 'running';
    this.tell();
    await this.deps.app.worker.request('onboarding.agree', { id: entry.paper.id, yes });
  }

  private async showOutcome({ paper, uri }: OpenPaper): Promise<void> {
    const { app, reveal } = this.deps;
    const { workspace } = paper;
    if (workspace) await app.guard.quiet('onboarding.reveal', () => reveal(workspace));
    await app.guard.quiet('onboarding.receipt', () => showPlanDocument(uri));
    // The lenses of the text before may have been asked for in between.
    this.tell();
    tellOutcome(app.notify, paper, uri);
  }

  private write(entry: OpenPaper, phase: PaperPhase, text: string): void {
    entry.phase = phase;
    this.deps.app.documents.rewrite(entry.uri, text);
    this.tell();
  }

  private find(target: unknown): OpenPaper {
    const uri = planUriOf(target);
    const entry = uri && this.open.get(uri.toString());
    if (!entry) throw nothingHere();
    return entry;
  }

  private isOpen(entry: OpenPaper): boolean {
    return this.open.get(entry.uri.toString()) === entry;
  }

  /** By now: somebody was asked in between. */
  private phaseOf({ phase }: OpenPaper): PaperPhase {
    return phase;
  }

  /** What was agreed and is closed is not wanted; what runs goes on, and its receipt is in the folder. */
  private leave(uri: Uri): void {
    const entry = this.open.get(uri.toString());
    if (!entry || entry.phase === 'running') return;
    this.open.delete(uri.toString());
    this.tell();
    if (entry.phase === 'asking')
      this.deps.app.guard.background('onboarding.decline', () =>
        this.deps.app.worker.request('onboarding.agree', { id: entry.paper.id, yes: false }),
      );
  }

  private tell(): void {
    const waiting = [...this.open.values()].filter(
      ({ paper, phase }) => phase === 'asking' || (phase === 'still' && paper.state === 'planned'),
    );
    void commands.executeCommand(
      'setContext',
      WAITING,
      waiting.map(({ uri }) => uri.toString()),
    );
    void commands.executeCommand('setContext', OPEN, [...this.open.keys()]);
    this.changed.fire();
  }
}

function nothingHere(): AppError {
  return new AppError(
    'input.noPlan',
    'There is nothing of a customer to carry out in this document: it was carried out, closed, or made before the window was loaded. Run "Onboard Customer..." again: what was done stays.',
  );
}
