import type { DiagnosticSetting } from '../../../model/assessment/facts.ts';
import { isTrue, toList, toObject, toText } from './wire.ts';
import type { Wire } from './wire.ts';

/** The list of a resource: what follows its id, and the api-version. */
export const DIAGNOSTICS = {
  path: '/providers/Microsoft.Insights/diagnosticSettings',
  apiVersion: '2021-05-01-preview',
} as const;

/**
 * The settings that send anything. The service writes null, or nothing, or an empty text where there is no destination
 * (monitor 2021-05-01-preview, examples/listDiagnosticSettings.json).
 */
export function toDiagnosticSettings(items: readonly unknown[]): readonly DiagnosticSetting[] {
  return items.flatMap((item): DiagnosticSetting[] => {
    const wire = toObject(item);
    const properties = toObject(wire['properties']);
    const categories = [...toList(properties['logs']), ...toList(properties['metrics'])]
      .map(toObject)
      .filter(({ enabled }) => isTrue(enabled))
      .map((line) => toText(line['category']) || toText(line['categoryGroup']));
    if (categories.length === 0) return [];
    const hub = toPlace(properties, 'eventHubAuthorizationRuleId').replace(/\/authorizationrules\/.*$/, '');
    return [
      {
        name: toText(wire['name']),
        categories,
        ...named('workspace', toPlace(properties, 'workspaceId')),
        ...named('storage', toPlace(properties, 'storageAccountId')),
        ...named('eventHub', hub),
      },
    ];
  });
}

function toPlace(properties: Wire, name: string): string {
  return toText(properties[name]).toLowerCase();
}

function named<Name extends string>(name: Name, value: string): { readonly [N in Name]?: string } {
  return (value === '' ? {} : { [name]: value }) as { readonly [N in Name]?: string };
}
