import type { WorkspaceRequest } from '../../model/plan.ts';
import type { WorkspaceBody } from '../../ports/workspaces.ts';

/** The body of the PUT that a request means; the template says the same. */
export function toBody(request: WorkspaceRequest): WorkspaceBody {
  return {
    location: request.region,
    tags: request.tags,
    sku: request.sku.name,
    retentionDays: request.retentionDays,
    dailyCapGb: request.dailyCapGb ?? -1,
    ...(request.sku.name === 'CapacityReservation' ? { capacityReservationLevel: request.sku.gbPerDay } : {}),
  };
}

/**
 * An ARM template for `az deployment group create`, with the values written out so that it reads as what will be there.
 */
export function toTemplate(request: WorkspaceRequest): string {
  const body = toBody(request);
  const template = {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [
      {
        type: 'Microsoft.OperationalInsights/workspaces',
        apiVersion: '2025-07-01',
        name: literal(request.name),
        location: body.location,
        ...(Object.keys(body.tags).length > 0
          ? { tags: Object.fromEntries(Object.entries(body.tags).map(([name, value]) => [name, literal(value)])) }
          : {}),
        properties: {
          sku: {
            name: body.sku,
            ...(body.capacityReservationLevel === undefined
              ? {}
              : { capacityReservationLevel: body.capacityReservationLevel }),
          },
          retentionInDays: body.retentionDays,
          workspaceCapping: { dailyQuotaGb: body.dailyCapGb },
        },
      },
    ],
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}

/** A text in brackets would be an expression of the template language; doubling the first bracket keeps it a text. */
function literal(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? `[${text}` : text;
}

/** The same work as `az` commands, each one line that can be pasted into a POSIX shell. */
export function toCommands(request: WorkspaceRequest, recover: boolean): readonly string[] {
  const group = ['--resource-group', request.resourceGroup];
  const name = ['--workspace-name', request.name];
  const settings = [
    '--retention-time',
    String(request.retentionDays),
    '--quota',
    String(request.dailyCapGb ?? -1),
    ...(Object.keys(request.tags).length > 0
      ? ['--tags', ...Object.entries(request.tags).map(([key, value]) => `${key}=${value}`)]
      : []),
  ];
  const sku =
    request.sku.name === 'CapacityReservation'
      ? ['--sku', request.sku.name, '--capacity-reservation-level', String(request.sku.gbPerDay)]
      : ['--sku', request.sku.name];
  const workspace = ['monitor', 'log-analytics', 'workspace'];
  return [
    ['login', '--tenant', request.issuer],
    ['account', 'set', '--subscription', request.subscription],
    ...(request.createResourceGroup
      ? [['group', 'create', '--name', request.resourceGroup, '--location', request.region]]
      : []),
    ...(recover
      ? [
          [...workspace, 'recover', ...group, ...name],
          [...workspace, 'update', ...group, ...name, ...settings],
        ]
      : [[...workspace, 'create', ...group, ...name, '--location', request.region, ...sku, ...settings]]),
  ].map((words) => ['az', ...words.map(quote)].join(' '));
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
