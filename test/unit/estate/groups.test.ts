import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterEstate } from '../../../src/core/estate/filterEstate.ts';
import { groupEstate } from '../../../src/core/estate/groupEstate.ts';
import type { EstateNode } from '../../../src/core/estate/groupEstate.ts';
import { choosePath, pathLabel } from '../../../src/core/estate/path.ts';
import { sampleEstate } from './sampleEstate.ts';

const estate = sampleEstate();

function outline(nodes: readonly EstateNode[], depth = 0): string[] {
  return nodes.flatMap((node) => {
    const label =
      node.kind === 'group'
        ? node.label
        : node.kind === 'customer'
          ? node.customer.name
          : node.kind === 'tenant'
            ? node.tenant.defaultDomain!
            : node.workspace.name;
    return ['  '.repeat(depth) + label, ...(node.kind === 'workspace' ? [] : outline(node.children, depth + 1))];
  });
}

test('by customer: groups, customers, tenants, workspaces; a customer stands in each of its groups', () => {
  assert.deepEqual(outline(groupEstate(estate, 'customer')), [
    'EU',
    '  Contoso Ltd',
    '    contoso.example',
    '      law-main',
    '      law-test',
    '  Northwind',
    '    northwind.example',
    'gold',
    '  Contoso Ltd',
    '    contoso.example',
    '      law-main',
    '      law-test',
    '  Fabrikam',
    '    fabrikam.example',
    '      law-main',
    'No group',
    '  Litware',
    '    litware.example',
    '      law-litware',
  ]);
});

test('every node of a tree has an id of its own', () => {
  for (const by of ['customer', 'region', 'accessPath'] as const) {
    const ids: string[] = [];
    const walk = (nodes: readonly EstateNode[]): void => {
      for (const node of nodes) {
        ids.push(node.id);
        if (node.kind !== 'workspace') walk(node.children);
      }
    };
    walk(groupEstate(estate, by));
    assert.equal(new Set(ids).size, ids.length, by);
  }
});

test('by region and by access path a locked tenant is not lost', () => {
  assert.deepEqual(outline(groupEstate(estate, 'region')), [
    'eastus',
    '  law-main',
    'northeurope',
    '  law-test',
    'westeurope',
    '  law-main',
    '  law-litware',
    'Not entered',
    '  northwind.example',
  ]);
  assert.deepEqual(
    outline(groupEstate(estate, 'accessPath')).filter((line) => !line.startsWith(' ')),
    ['home', 'Lighthouse', 'Not entered'],
  );
});

test('the path of a workspace reached twice is the home one, and the label names both', () => {
  const twice = estate.workspaces[2]!;
  assert.equal(choosePath({ ...twice, paths: [...twice.paths].reverse() })?.kind, 'home');
  assert.equal(pathLabel(twice), 'home and Lighthouse');
});

test('a filter keeps what is above and below a hit', () => {
  assert.deepEqual(outline(groupEstate(filterEstate(estate, 'fabri'), 'customer')), [
    'gold',
    '  Fabrikam',
    '    fabrikam.example',
    '      law-main',
  ]);
  assert.deepEqual(
    filterEstate(estate, 'contoso env=test').workspaces.map((workspace) => workspace.name),
    ['law-test'],
  );
  assert.deepEqual(
    filterEstate(estate, 'northwind').tenants.map((tenant) => tenant.name),
    ['northwind directory'],
  );
  assert.deepEqual(filterEstate(estate, 'nobody').customers, []);
  assert.equal(filterEstate(estate, '  '), estate);
});
