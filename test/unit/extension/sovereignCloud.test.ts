import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SovereignCloud } from '../../../src/extension/signIn/sovereignCloud.ts';
import type { SovereignWorld } from '../../../src/extension/signIn/sovereignCloud.ts';

/** VS Code's settings by script: `answers` are the presses of the button. */
function worldOf(
  start: { cloud: ReturnType<SovereignWorld['cloudName']>; environment?: string; byVsCode?: boolean },
  answers: boolean[] = [],
) {
  const asked: string[] = [];
  let environment = start.environment;
  const cloud = new SovereignCloud({
    cloudName: () => start.cloud,
    signsInByVsCode: () => start.byVsCode ?? true,
    environment: () => environment,
    setEnvironment: (wanted) => {
      environment = wanted;
      return Promise.resolve();
    },
    offer: (message) => {
      asked.push(message);
      return Promise.resolve(answers.shift() ?? false);
    },
  });
  return { cloud, asked, environment: () => environment };
}

test('only a sovereign cloud that VS Code signs in to needs its setting', () => {
  const missing = (...args: Parameters<typeof worldOf>) => worldOf(...args).cloud.missing();
  assert.equal(missing({ cloud: 'usGovernment' }), 'USGovernment');
  assert.equal(missing({ cloud: 'china', environment: 'USGovernment' }), 'ChinaCloud');
  assert.equal(missing({ cloud: 'china', environment: 'ChinaCloud' }), undefined);
  assert.equal(missing({ cloud: 'public' }), undefined);
  assert.equal(missing({ cloud: 'usGovernment', byVsCode: false }), undefined);
});

test('it is offered once, set only when asked to, and a sign-in that cannot succeed says why', async () => {
  const refusing = worldOf({ cloud: 'usGovernment', environment: 'ChinaCloud' });
  await Promise.all([refusing.cloud.offer(), refusing.cloud.offer()]);
  await refusing.cloud.offer();
  assert.equal(refusing.asked.length, 1);
  assert.match(refusing.asked[0]!, /set to the cloud "ChinaCloud".*to "USGovernment"\?/);
  assert.equal(refusing.environment(), 'ChinaCloud');
  // Who presses "Sign in" is asked again, and told what is missing.
  await assert.rejects(refusing.cloud.require(), { code: 'input.sovereignCloud', message: /"USGovernment"/ });
  assert.equal(refusing.asked.length, 2);

  const willing = worldOf({ cloud: 'china' }, [true]);
  await willing.cloud.require();
  assert.deepEqual([willing.environment(), willing.asked.length], ['ChinaCloud', 1]);
});
