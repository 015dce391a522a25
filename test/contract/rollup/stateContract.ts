import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RollupStatePort } from '../../../src/ports/rollups.ts';

/** A place of state under test: as several runners have it, and how a document is spoilt. */
export interface OpenedState {
  /** Another runner's. */
  open(): RollupStatePort;
  /** Puts a text in the place of the newest version of a document. */
  spoil(name: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** What every place of the state of roll-ups promises, whatever it is. */
export function stateContract(name: string, open: () => Promise<OpenedState>): void {
  describe(`${name}, as every place of state`, () => {
    let opened: OpenedState;
    let state: RollupStatePort;
    before(async () => {
      opened = await open();
      state = opened.open();
    });
    after(() => opened.close());

    it('has nothing of a document that nobody saved', async () => {
      assert.deepEqual(await state.load('none/x'), { value: undefined, version: 0 });
      assert.deepEqual(await state.list('none'), []);
      assert.equal(await state.save('none/x', 1, 1), false, 'nobody has seen a first version');
    });
    it('changes for who has seen the last version, of many at once for one', async () => {
      const states = Array.from({ length: 5 }, () => opened.open());
      for (let version = 0; version < 8; version++) {
        const saved = await Promise.all(states.map((one, i) => one.save('a/b', { i, version }, version)));
        assert.equal(saved.filter(Boolean).length, 1, `version ${version + 1} has one author`);
        const { value, version: now } = await state.load<{ i: number; version: number }>('a/b');
        assert.deepEqual([value, now], [{ i: saved.indexOf(true), version }, version + 1]);
      }
      assert.equal(await state.save('a/b', {}, 3), false);
    });
    it('has one author also where all of them would write the same', async () => {
      const saved = await Promise.all(Array.from({ length: 5 }, () => opened.open().save('same', { n: 1 }, 0)));
      assert.equal(saved.filter(Boolean).length, 1);
    });
    it('lists the names below a folder, in order, and no others', async () => {
      for (const document of ['list/b', 'list/a', 'list/c/d', 'list/c/e', 'listed/f'])
        assert.equal(await state.save(document, { of: document }, 0), true);
      assert.deepEqual(await state.list('list'), ['list/a', 'list/b', 'list/c']);
      assert.deepEqual(await state.list('list/c'), ['list/c/d', 'list/c/e']);
    });
    it('keeps a value exactly', async () => {
      const value = { text: 'é "quoted"\n\u0000', n: 1.5, list: [null, true], deep: { a: {} } };
      await state.save('exact', value, 0);
      assert.deepEqual((await opened.open().load('exact')).value, value);
    });
    it('that cannot be read is no new beginning', async () => {
      for (const text of ['{"n":', 'null', '<html>', '']) {
        await state.save('spoilt', { n: 1 }, (await state.load('spoilt').catch(() => ({ version: 0 }))).version);
        await opened.spoil('spoilt', text);
        await assert.rejects(opened.open().load('spoilt'), { code: 'engine.rollupState' }, JSON.stringify(text));
      }
    });
    it('refuses a name that leads out of it', async () => {
      for (const bad of ['../x', 'a//b', '', '/a', 'a/', 'a.b'])
        await assert.rejects(async () => state.load(bad), { code: 'bug.stateName' }, bad);
    });
  });
}
