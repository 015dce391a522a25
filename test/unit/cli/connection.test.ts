import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTokens } from '../../../src/cli/connection.ts';
import { PUBLIC_CLOUD } from '../../../src/model/cloud.ts';
import type { Cloud } from '../../../src/model/cloud.ts';

const SECRET = { AZURE_CLIENT_ID: 'app', AZURE_CLIENT_SECRET: 'hush', AZURE_TENANT_ID: 'home' };
const CUSTOM: Cloud = {
  name: 'custom',
  authority: 'https://login.stack.example',
  resourceManager: 'https://management.stack.example',
  resourceManagerAudience: 'https://management.stack.example/1',
  logAnalytics: 'https://logs.stack.example',
  logAnalyticsAudience: 'https://logs.stack.example',
  portal: 'https://portal.stack.example',
};
const tokensOf = (cloud: Cloud, cloudPath?: string, environmentSecret = false) =>
  findTokens({ file: { cloud, sampleAccounts: [] }, environmentSecret, ...(cloudPath ? { cloudPath } : {}) }, SECRET);

test('the secret of the environment goes to a custom authority only with the person’s word', async () => {
  await assert.rejects(tokensOf(CUSTOM, 'cloud.json'), {
    code: 'input.usage',
    message:
      /cloud\.json names https:\/\/login\.stack\.example as the authority.*Nothing was sent.*--environment-secret/,
  });
  for (const tokens of [await tokensOf(CUSTOM, 'cloud.json', true), await tokensOf(PUBLIC_CLOUD)])
    assert.deepEqual(
      (await tokens.accounts()).map(({ id }) => String(id)),
      ['sp:app'],
    );
});

test('a file that has tokens for Microsoft’s services sent to another host is refused, whoever signs in', async () => {
  for (const change of [
    { resourceManagerAudience: 'https://management.azure.com/' },
    { logAnalyticsAudience: 'https://API.loganalytics.io' },
    { ingestion: { audience: 'https://monitor.azure.com/', hosts: 'https://ingest.stack' } },
  ])
    for (const env of [SECRET, {}])
      await assert.rejects(
        findTokens(
          {
            file: { cloud: { ...CUSTOM, ...change }, sampleAccounts: [] },
            environmentSecret: true,
            cloudPath: 'c.json',
          },
          env,
        ),
        {
          code: 'input.cloudFile',
          message: /^The cloud file c\.json would have a token for .* sent to https:\/\/\w+\.stack/,
        },
      );
  await tokensOf({ ...PUBLIC_CLOUD, name: 'mine' }, 'c.json', true);
});
