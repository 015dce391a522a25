import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estateScreen, estateTable } from '../../../src/cli/commands/estateTable.ts';
import type { EstateLine } from '../../../src/cli/commands/estateTable.ts';

const contoso: EstateLine = {
  customer: 'Contoso',
  tenant: 'Contoso',
  workspace: 'contoso-prod',
  access: 'Lighthouse',
  region: 'westeurope',
  retentionDays: 90,
  dailyCapGb: null,
  sentinel: true,
  note: '',
};
const labs: EstateLine = { ...contoso, tenant: 'Contoso Labs', workspace: 'contoso-labs', sentinel: false };
const closed: EstateLine = {
  ...{ customer: 'Alpine Ski House', tenant: 'Alpine Ski House', workspace: '', access: '', region: '' },
  ...{ retentionDays: null, dailyCapGb: null, sentinel: null, note: 'not entered', reason: 'Nobody consented to it.' },
};

test('a screen names a tenant only beside another customer’s name, has no empty column, and no long reason', () => {
  const { columns, rows } = estateScreen([closed, contoso, labs]);
  assert.deepEqual(
    [columns.map(({ name }) => name), ...rows],
    [
      ['Customer', 'Workspace', 'Access', 'Region', 'Days', 'Sentinel', 'Note'],
      ['Alpine Ski House', '', '', '', null, '', 'not entered'],
      ['Contoso', 'contoso-prod', 'Lighthouse', 'westeurope', 90, 'yes', ''],
      ['Contoso, Contoso Labs', 'contoso-labs', 'Lighthouse', 'westeurope', 90, '', ''],
    ],
  );
});

test('for a pipe each line says everything, under the same columns always', () => {
  const { columns, rows } = estateTable([closed, contoso]);
  assert.equal(
    columns.map(({ name }) => name).join(),
    'Customer,Tenant,Workspace,Access,Region,RetentionDays,DailyCapGb,Sentinel,Note',
  );
  assert.deepEqual(rows[0]!.at(-1), 'Nobody consented to it.');
  assert.deepEqual(rows[1]!.slice(0, 3), ['Contoso', 'Contoso', 'contoso-prod']);
});
