import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAlertFile } from '../../../src/kql/queryFiles/alertFile.ts';
import { ALERT_SETTINGS } from '../../../src/kql/queryFiles/alertSettings.ts';
import { ALERT_SETTING_WORDS } from '../../../src/kql/queryFiles/alertSettingWords.ts';
import { settingAt, settingsOfferedAt } from '../../../src/kql/queryFiles/settingLine.ts';

const words = ALERT_SETTING_WORDS;

describe('what is offered in the lines of an alert', () => {
  it('behind // @ is every setting, in its order', () => {
    const found = settingsOfferedAt('// @la', words)!;
    assert.deepEqual([found.column, found.kind], [4, 'setting']);
    assert.deepEqual(
      found.offered.map(({ text }) => text),
      ALERT_SETTINGS,
    );
  });

  it('behind the name of one is what is often meant, in whatever case the name is written', () => {
    const { column, kind, offered } = settingsOfferedAt('// @LATENESS 1', words)!;
    assert.deepEqual([column, kind], [13, 'value']);
    assert.deepEqual(
      offered.map(({ text }) => text),
      ['0m', '5m', '15m', '1h'],
    );
    for (const nothing of ['Heartbeat', '// a word', '// @nonsense ', 'T // @lateness '])
      assert.equal(settingsOfferedAt(nothing, words), undefined, nothing);
  });

  it('every value that is offered is one that is taken', async () => {
    for (const setting of ALERT_SETTINGS)
      for (const value of words[setting].values) {
        const { problems } = await readAlertFile('A.kql', `// @window 1d\n// @${setting} ${value}\nHeartbeat`);
        const real = problems.filter(({ message }) => !/said twice|shorter than/.test(message));
        assert.deepEqual(real, [], `${setting} ${value}`);
      }
  });

  it('is told where the pointer is on a name', () => {
    assert.deepEqual(settingAt('// @autoresolve no', 6, words), {
      setting: 'autoResolve',
      text: 'Whether it is resolved when the condition is not met any more. Such as yes, no.',
      from: 4,
      to: 15,
    });
    assert.equal(settingAt('// @autoresolve no', 17, words), undefined);
  });
});
