import type { CollectionRuleBody } from './centre.ts';

/**
 * What a data collection rule is written as (Microsoft.Insights/dataCollectionRules): of kind `Direct`, one flow a
 * stream, one workspace. So it is sent, and so a plan shows it to those who write it themselves.
 */
export function directRuleBody({ region, workspace, streams }: CollectionRuleBody): object {
  return {
    location: region,
    kind: 'Direct',
    properties: {
      description: 'Rows of a roll-up of Tenantscope.',
      streamDeclarations: Object.fromEntries(streams.map(({ stream, columns }) => [stream, { columns }])),
      destinations: { logAnalytics: [{ workspaceResourceId: workspace, name: 'centre' }] },
      dataFlows: streams.map(({ stream, output, transform }) => ({
        streams: [stream],
        destinations: ['centre'],
        transformKql: transform,
        outputStream: output,
      })),
    },
  };
}
