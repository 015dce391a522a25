import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { AppError, cancelled, toAppError } from '../../base/errors.ts';
import { Emitter } from '../../base/event.ts';
import { parseScope } from '../../kql/scopeLine.ts';
import type { Assessment, CustomerAssessment } from '../../model/assessment/assessment.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Scope } from '../../model/scope.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { NamedText } from '../../protocol/assess.ts';
import type { AssessmentPageView } from '../../protocol/assessmentPage.ts';
import type { Worker } from '../platform/dataWorker.ts';

/** Files of the repository that an assessment goes by: weights of the criteria, and what was agreed. */
export interface AssessmentFiles {
  readonly weights?: NamedText;
  readonly baseline?: NamedText;
}

/** The latest assessment this window knows, slim, and the one that is being made. */
export class AssessmentBook implements Disposable {
  private view: AssessmentPageView = {};
  private restored: Promise<void> | undefined;
  private lastScope: Scope = EVERYTHING;
  private cancelled = false;
  private readonly changed = new Emitter<AssessmentPageView>();
  private readonly store = new DisposableStore();
  private readonly worker: Worker;
  private readonly files: () => Promise<AssessmentFiles>;

  readonly onDidChange = this.changed.event;

  constructor(worker: Worker, files: () => Promise<AssessmentFiles>) {
    this.worker = worker;
    this.files = files;
    this.store.add(
      worker.on('assess.progress', (progress) => {
        if (this.view.progress) this.show({ ...this.view, progress });
      }),
    );
    this.store.add(this.changed);
  }

  /** What a page shows now. */
  get shown(): AssessmentPageView {
    return this.view;
  }

  get isRunning(): boolean {
    return this.view.progress !== undefined;
  }

  /** What the last one was asked of: `again` means that. */
  get scope(): Scope {
    return this.lastScope;
  }

  /** A customer of the latest assessment, slim. */
  customer(key: CustomerKey): CustomerAssessment | undefined {
    return this.view.assessment?.customers.find((one) => one.key === key);
  }

  /**
   * Measures and judges; progress and the result are shown as they come. Rejects with what went wrong as a whole, which
   * the page says too. What was shown before stays until there is something newer.
   */
  async run(scope: Scope): Promise<Assessment> {
    if (this.isRunning)
      throw new AppError('input.assessing', 'An assessment is running already. Wait for it, or cancel it.');
    const { error: _error, ...rest } = this.view;
    this.lastScope = scope;
    this.cancelled = false;
    this.show({ ...rest, progress: { done: 0, total: 1, what: 'reading the estate' } });
    try {
      await this.restore();
      const { assessment: before } = this.view;
      const files = await this.files();
      // The worker cannot cancel what it was not asked yet.
      if (this.cancelled) throw cancelled();
      const assessment = await this.worker.request('assess.run', { scope, ...files });
      const difference =
        before && before.scope === assessment.scope && !assessment.cancelled
          ? await this.worker
              .request('assess.compare', { before: before.id, after: assessment.id })
              .catch(() => undefined)
          : undefined;
      this.show({ assessment, ...(difference ? { difference } : {}) });
      return assessment;
    } catch (thrown) {
      const { progress: _progress, ...kept } = this.view;
      const error = toAppError(thrown);
      this.show(error.family === 'cancelled' ? kept : { ...kept, error: error.message });
      throw thrown;
    }
  }

  /** Ends the running one; what was measured is shown. */
  async cancel(): Promise<void> {
    this.cancelled = true;
    if (this.isRunning) await this.worker.request('assess.cancel', null);
  }

  /** Shows an earlier assessment beside the latest: what is different since. */
  async compareWith(earlier: string): Promise<void> {
    const { assessment } = this.view;
    if (!assessment) return;
    const difference = await this.worker.request('assess.compare', { before: earlier, after: assessment.id });
    this.show({ ...this.view, difference });
  }

  /** The newest kept one, once, where nothing is shown yet; tried again where that failed. Never rejects. */
  restore(): Promise<void> {
    this.restored ??= this.findKept().catch(() => {
      this.restored = undefined;
    });
    return this.restored;
  }

  /** Another cloud or another way to sign in: what was assessed belongs to somebody else. */
  reset(): void {
    this.restored = undefined;
    this.lastScope = EVERYTHING;
    this.show({});
  }

  dispose(): void {
    this.store.dispose();
  }

  private async findKept(): Promise<void> {
    const [newest] = await this.worker.request('assess.list', null);
    if (!newest || this.view.assessment) return;
    const assessment = await this.worker.request('assess.open', { id: newest.id });
    if (this.view.assessment) return;
    if (!this.isRunning) this.lastScope = parseScope(assessment.scope).scope ?? EVERYTHING;
    this.show({ ...this.view, assessment });
  }

  private show(view: AssessmentPageView): void {
    this.view = view;
    this.changed.fire(view);
  }
}
