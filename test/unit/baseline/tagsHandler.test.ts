import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tagsHandler } from '../../../src/core/baseline/handlers/tagsHandler.ts';
import type { Tags } from '../../../src/ports/tags.ts';

const TARGET = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-1';
const handler = tagsHandler({
  tags: () => Promise.resolve(undefined),
  changeTags: () => Promise.reject(new Error('Nothing was to be changed.')),
});
const intent = (tags: Tags) => ({
  ...{ id: 'tags', resource: 'tags', target: TARGET, wanted: { scopeName: 'machine vm-1', tags } },
});

describe('tags of a resource', () => {
  it('are told apart by value, not by the case of their names; others are nobody’s business', () => {
    const there = { Stage: 'prod', team: 'theirs' };
    assert.equal(handler.diff(intent({ stage: 'prod' }), there, []).action, 'none');
    const { differences, warnings } = handler.diff(intent({ stage: 'test', new: '1' }), there, []);
    assert.deepEqual(differences, [
      { name: 'Tag stage', before: 'prod', after: 'test' },
      { name: 'Tag new', after: '1' },
    ]);
    // What goes is said, and how to have it back.
    assert.match(warnings![0]!, /^Tag stage \(now "prod"\) of machine vm-1 is replaced: .* To undo it, set that value/);
    assert.deepEqual(handler.diff(intent({ new: '1' }), there, []).warnings, []);
  });

  it('are merged in every form of a plan, and in a template never: it would take those of others away', () => {
    const [request] = handler.requests!(intent({ a: "it's" }), 'update');
    assert.deepEqual(request, {
      ...{ method: 'PATCH', path: `${TARGET}/providers/Microsoft.Resources/tags/default`, apiVersion: '2021-04-01' },
      body: { operation: 'Merge', properties: { tags: { a: "it's" } } },
    });
    const [command] = handler.commands!(intent({ a: "it's" }), 'update');
    assert.deepEqual(JSON.parse(String(command!.at(-1))), request!.body);
    assert.deepEqual(handler.templateResources!(intent({ a: '1' }), 'update'), []);
  });
});
