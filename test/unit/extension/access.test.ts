import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DisposableStore } from '../../../src/base/disposable.ts';
import type { App } from '../../../src/extension/platform/app.ts';
import { useFakeVscode } from '../../harness/fakeVscode.ts';

useFakeVscode();
const { registerAccess } = await import('../../../src/extension/access/register.ts');

test('Explain Access asks about the entry it was chosen on, and shows what comes as a document', async () => {
  const asked: unknown[] = [];
  const documents: string[][] = [];
  const commands = registerAccess({
    store: new DisposableStore(),
    worker: {
      request: async (name: string, input: unknown) => {
        asked.push([name, input]);
        return { markdown: '# Access', requests: [] };
      },
    },
    documents: {
      showMarkdown: async (...shown: string[]) => {
        documents.push(shown);
        return shown[0];
      },
    },
  } as unknown as App);
  const here = commands['tenantscope.access.explainHere'] as (node?: unknown) => Promise<void>;
  await here({ kind: 'workspace', workspace: { armId: '/subscriptions/s/law' }, customer: { key: 'contoso' } });
  await here({ kind: 'customer', customer: { key: 'contoso' } });
  const scopes = [
    { kind: 'workspace', value: '/subscriptions/s/law' },
    { kind: 'customer', value: 'contoso' },
  ];
  assert.deepEqual(
    asked,
    scopes.map((one) => ['access.explain', { scope: { include: [one], except: [] } }]),
  );
  assert.deepEqual(documents, [
    ['Access.md', '# Access'],
    ['Access.md', '# Access'],
  ]);
  await assert.rejects(async () => here({ kind: 'table' }), { code: 'input.noNode' });
});
