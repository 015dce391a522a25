import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Emitter } from '../../../src/base/event.ts';
import type { Worker } from '../../../src/extension/platform/dataWorker.ts';
import { PreparedWorker } from '../../../src/extension/session/preparedWorker.ts';

/** A window: whether a query is open, whether its folder is trusted, and what the worker was asked. */
function windowWith(document: object | undefined, trusted = true) {
  const changed = new Emitter<void>();
  const asked: string[] = [];
  const state = { document, trusted };
  const prepared = new PreparedWorker({
    active: {
      get document() {
        return state.document;
      },
      onDidChange: changed.event,
    },
    worker: {
      request: ((name: string) => {
        asked.push(name);
        return Promise.resolve(null);
      }) as Worker['request'],
    },
    allowed: () => state.trusted,
    quiet: (_what, work) => work(),
  });
  return {
    asked,
    prepared,
    turn: (next: Partial<typeof state>) => {
      Object.assign(state, next);
      changed.fire();
    },
  };
}

test('a worker is prepared for a query that is open, a moment after it opened and once', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { asked, turn } = windowWith({});
    assert.deepEqual(asked, [], 'the document is drawn first');
    mock.timers.tick(500);
    turn({ document: {} });
    mock.timers.tick(500);
    assert.deepEqual(asked, ['runs.prepare']);
  } finally {
    mock.timers.reset();
  }
});

test('nothing starts where no query is open or the folder is not trusted, until both are so', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { asked, turn } = windowWith(undefined, false);
    turn({ trusted: true });
    turn({ document: {}, trusted: false });
    mock.timers.tick(5_000);
    assert.deepEqual(asked, []);
    turn({ trusted: true });
    mock.timers.tick(500);
    assert.deepEqual(asked, ['runs.prepare']);
  } finally {
    mock.timers.reset();
  }
});

test('a window that closes at once starts nothing', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { asked, prepared } = windowWith({});
    prepared.dispose();
    mock.timers.tick(5_000);
    assert.deepEqual(asked, []);
  } finally {
    mock.timers.reset();
  }
});
