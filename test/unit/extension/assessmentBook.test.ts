import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { slimAssessment, toHead } from '../../../src/core/assess/slim.ts';
import type { Worker } from '../../../src/extension/platform/dataWorker.ts';
import type { AssessmentFiles } from '../../../src/extension/session/assessmentBook.ts';
import { AssessmentBook } from '../../../src/extension/session/assessmentBook.ts';
import { printScope } from '../../../src/kql/scopeLine.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { AssessmentPageView } from '../../../src/protocol/assessmentPage.ts';
import { assessmentOf } from '../../harness/assessmentSample.ts';

const KEPT = slimAssessment(assessmentOf(undefined, { id: 'kept', scope: 'group:gold' }));
const NEW = slimAssessment(assessmentOf(undefined, { id: 'new', at: '2026-11-29T09:00:00.000Z' }));
type Answers = Readonly<Record<string, (input: never) => unknown>>;

/** A book over a worker that answers so; what it was asked, and every view that was shown. */
function bookOf(answers: Answers, files: () => Promise<AssessmentFiles> = async () => ({})) {
  const asked: [string, unknown][] = [];
  const shown: AssessmentPageView[] = [];
  let progress: ((progress: object) => void) | undefined;
  const worker = {
    request: async (name: string, input: never) => {
      asked.push([name, input]);
      return (answers[name] ?? (() => []))(input);
    },
    on: (_name: string, listener: (progress: object) => void) => {
      progress = listener;
      return { dispose: () => undefined };
    },
  } as unknown as Worker;
  const book = new AssessmentBook(worker, files);
  book.onDidChange((view) => shown.push(view));
  return { book, asked, shown, tell: (of: object) => progress!(of), names: () => asked.map(([name]) => name) };
}

describe('the assessments of a window', () => {
  it('shows the progress as it comes, then the result, asked with the provider’s weights and baseline', async () => {
    const weights = { label: '/w/.tenantscope/fit.json', text: '{"weights": {}}' };
    const baseline = { label: '/w/.tenantscope/baseline.json', text: '{}' };
    let end: (value: unknown) => void = () => undefined;
    const result = new Promise((resolve) => {
      end = resolve;
    });
    const { book, asked, shown, tell, names } = bookOf({ 'assess.run': () => result }, async () => ({
      weights,
      baseline,
    }));
    const running = book.run(EVERYTHING);
    await assert.rejects(book.run(EVERYTHING), { code: 'input.assessing' });
    while (!names().includes('assess.run')) await Promise.resolve();
    tell({ done: 3, total: 40, what: 'usage' });
    assert.deepEqual(book.shown.progress, { done: 3, total: 40, what: 'usage' });
    end(NEW);
    assert.equal(await running, NEW);
    assert.deepEqual<AssessmentPageView>(book.shown, { assessment: NEW });
    assert.deepEqual(asked.at(-1), ['assess.run', { scope: EVERYTHING, weights, baseline }]);
    // One that comes late belongs to nothing.
    tell({ done: 40, total: 40, what: 'usage' });
    assert.equal(book.isRunning, false);
    assert.deepEqual(
      shown.map((view) => view.progress?.done),
      [0, 3, undefined],
    );
  });

  it('says why none was made and keeps what was there; a cancellation is no failure', async () => {
    let error = new AppError('input.weights', 'fit.json:3: "x" is no criterion.');
    const { book } = bookOf({
      'assess.list': () => [toHead(KEPT)],
      'assess.open': () => KEPT,
      'assess.run': () => {
        throw error;
      },
    });
    await assert.rejects(book.run(EVERYTHING), { code: 'input.weights' });
    assert.deepEqual(book.shown, { assessment: KEPT, error: error.message });
    error = new AppError('cancelled.byUser', 'Cancelled.');
    await assert.rejects(book.run(EVERYTHING), { code: 'cancelled.byUser' });
    assert.deepEqual(book.shown, { assessment: KEPT });
  });

  it('does not start what was cancelled before the worker was asked', async () => {
    const { book, names } = bookOf({ 'assess.run': () => NEW });
    const running = book.run(EVERYTHING);
    await book.cancel();
    await assert.rejects(running, { code: 'cancelled.byUser' });
    assert.ok(!names().includes('assess.run'), names().join());
    assert.equal(book.isRunning, false);
    assert.equal(await book.run(EVERYTHING), NEW, 'the next one is another');
  });

  it('says what is different where the same was assessed before, and only then', async () => {
    const difference = { before: KEPT.at, after: NEW.at };
    const answers = (scope: string): Answers => ({
      'assess.list': () => [toHead(KEPT)],
      'assess.open': () => KEPT,
      'assess.run': () => ({ ...NEW, scope }),
      'assess.compare': () => difference,
    });
    const same = bookOf(answers('group:gold'));
    await same.book.run(EVERYTHING);
    assert.equal(same.book.shown.difference, difference);
    const other = bookOf(answers('all'));
    await other.book.run(EVERYTHING);
    assert.equal(other.book.shown.difference, undefined);
  });

  it('shows the newest kept one once, and “again” means what that was asked of', async () => {
    const { book, names } = bookOf({ 'assess.list': () => [toHead(KEPT)], 'assess.open': () => KEPT });
    await Promise.all([book.restore(), book.restore()]);
    await book.restore();
    assert.deepEqual(names(), ['assess.list', 'assess.open']);
    assert.equal(book.shown.assessment, KEPT);
    assert.equal(printScope(book.scope), 'group:gold');
    book.reset();
    assert.deepEqual([book.shown, book.scope], [{}, EVERYTHING]);
  });

  it('looks again for kept ones where that was refused: trust may have been given since', async () => {
    let trusted = false;
    const { book } = bookOf({
      'assess.list': () => {
        if (!trusted) throw new AppError('input.untrusted', 'Not trusted.');
        return [toHead(KEPT)];
      },
      'assess.open': () => KEPT,
    });
    await book.restore();
    assert.deepEqual(book.shown, {});
    trusted = true;
    await book.restore();
    assert.equal(book.shown.assessment, KEPT);
  });
});
