import { templateText, toTemplate } from '../changes/export.ts';
import { cronOf } from './cron.ts';
import { checkSpec, PARTIAL, programCalls, shellWord } from './runnerSpec.ts';
import type { RunnerSpec } from './runnerSpec.ts';

const SECOND = 60;

/**
 * An ARM template of a scheduled Azure Container Apps job (Microsoft.App/jobs 2024-03-01). `runners` of it start
 * together and share the work by the leases in the state. Throws `input.runner` for roll-ups that a passing machine
 * cannot run.
 */
export function containerAppsJob(given: RunnerSpec, runners = 1): string {
  const spec = checkSpec(given);
  const calls = programCalls(spec).map((words) => ['tenantscope', ...words].map(shellWord).join(' '));
  // Every call is made, and the job fails with the code of the last that failed. A workspace that nobody may read would
  // else make every execution a failed one, and the next one that matters goes unseen.
  const each = calls.map((call) => `${call} || { ended=$?; [ $ended -eq ${PARTIAL} ] || code=$ended; }`).join('\n');
  const script = `az login --identity --client-id "$IDENTITY_CLIENT_ID" --allow-no-subscriptions --output none || exit 1\ncode=0\n${each}\nexit $code`;
  const identity = "parameters('identity')";
  const job = {
    type: 'Microsoft.App/jobs',
    apiVersion: '2024-03-01',
    name: "[parameters('name')]",
    location: "[parameters('location')]",
    identity: { type: 'UserAssigned', userAssignedIdentities: { [`[${identity}]`]: {} } },
    properties: {
      environmentId: "[parameters('environment')]",
      configuration: {
        triggerType: 'Schedule',
        scheduleTriggerConfig: {
          cronExpression: cronOf(spec.everyMinutes),
          parallelism: "[parameters('runners')]",
          replicaCompletionCount: "[parameters('runners')]",
        },
        // A window that was not finished is read again by the next start: a repetition here would do no more.
        replicaTimeout: Math.max(30, Math.min(spec.everyMinutes, 24 * SECOND)) * SECOND,
        replicaRetryLimit: 1,
      },
      template: {
        containers: [
          {
            name: 'tenantscope',
            image: "[parameters('image')]",
            command: ['/bin/sh', '-c'],
            args: [templateText(script)],
            env: [
              {
                name: 'IDENTITY_CLIENT_ID',
                value: `[reference(${identity}, '2023-01-31').clientId]`,
              },
            ],
            resources: { cpu: "[json('1.0')]", memory: '2Gi' },
          },
        ],
      },
    },
  };
  return toTemplate([job], {
    metadata: {
      description: `Roll-ups by Azure Container Apps, made by "tenantscope rollup runner container-apps". The image holds Node 22, the Azure CLI, the command tenantscope ${spec.version}, and as its working directory the repository with .tenantscope. The identity needs Log Analytics Reader on the customers' workspaces, Monitoring Metrics Publisher on the rule of the centre (Database Ingestor in Data Explorer), and Storage Blob Data Contributor on the container of the state. An execution that is partial (exit code ${PARTIAL}: some workspaces could not be read whole, or have gaps, or a file of a roll-up could not be read) counts as succeeded and is not started again; its log says which, and "tenantscope rollup status" too.`,
    },
    parameters: {
      name: { type: 'string', defaultValue: 'tenantscope-rollups' },
      location: { type: 'string', defaultValue: '[resourceGroup().location]' },
      environment: { type: 'string', metadata: { description: 'Resource ID of the Container Apps environment.' } },
      identity: { type: 'string', metadata: { description: 'Resource ID of the user-assigned managed identity.' } },
      image: {
        type: 'string',
        metadata: { description: 'The image by its digest, registry.example/tenantscope@sha256:...' },
      },
      runners: {
        type: 'int',
        defaultValue: runners,
        minValue: 1,
        maxValue: 20,
        metadata: { description: 'How many start together; each takes the workspaces that no other has a lease of.' },
      },
    },
  });
}
