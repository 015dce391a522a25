import { parametersOf, templateText, toTemplate } from '../export.ts';
import { chunksOf, deployCommand, ofTenant, onlyGroup } from './chunks.ts';
import { headerLines } from './header.ts';
import type { Deployable, PlanParts } from './planParts.ts';
import { isObject, SecretRef } from './value.ts';
import type { Value } from './value.ts';

const DEPLOYMENTS = '2025-04-01';
const RESOURCE_GROUPS = '2025-04-01';

/**
 * An ARM template: of a resource group where the plan needs no more, else of the subscription with a nested deployment
 * for each stretch of resources in one group, one after the other. Empty where there is nothing a template could say.
 */
export function toArm(parts: PlanParts, file: string): string {
  const within = parts.resources.filter(({ subscription }) => subscription !== '');
  const head = {
    metadata: { description: headerLines(parts, templateHeader(parts, file)) },
    ...parametersOf(parts.secrets),
  };
  if (onlyGroup(parts) !== undefined) return toTemplate(resourcesOf(within), head);
  const groups = parts.groups.map(({ name, location }) => ({
    type: 'Microsoft.Resources/resourceGroups',
    apiVersion: RESOURCE_GROUPS,
    name: templateText(name),
    location: templateText(location),
  }));
  let before = groups.map(({ name }) => name);
  const rest = chunksOf(within).flatMap(({ subscription, group, resources }, at) => {
    if (group === undefined) {
      const own = resourcesOf(resources, before);
      before = resources.map(({ id }) => templateText(id));
      return own;
    }
    const name = `tenantscope-${at + 1}`;
    const dependsOn = before;
    before = [name];
    return [
      {
        type: 'Microsoft.Resources/deployments',
        apiVersion: DEPLOYMENTS,
        name,
        ...(subscription === parts.subscription ? {} : { subscriptionId: subscription }),
        resourceGroup: templateText(group),
        ...(dependsOn.length === 0 ? {} : { dependsOn }),
        properties: {
          mode: 'Incremental',
          expressionEvaluationOptions: { scope: 'inner' },
          ...(parts.secrets.length === 0
            ? {}
            : {
                parameters: Object.fromEntries(
                  parts.secrets.map((secret) => [secret.name, { value: armValue(secret) }]),
                ),
              }),
          template: JSON.parse(toTemplate(resourcesOf(resources), parametersOf(parts.secrets))) as object,
        },
      },
    ];
  });
  return toTemplate([...groups, ...rest], {
    ...head,
  }).replace('2019-04-01/deploymentTemplate.json#', '2018-05-01/subscriptionDeploymentTemplate.json#');
}

/** What the header of a template says, in JSON or in Bicep. */
export function templateHeader(parts: PlanParts, file: string): Parameters<typeof headerLines>[1] {
  return {
    use: [deployCommand(parts, file)],
    needs: parts.registrations.map(
      (namespace) => `az provider register --namespace ${namespace} --subscription ${parts.subscription} --wait`,
    ),
    missing: [
      ...parts.others,
      ...parts.patches.map(({ title }) => title),
      ...ofTenant(parts).map(({ title }) => title),
    ],
    whyMissing: 'for a template cannot say it; the exports as scripts have it',
  };
}

/** Resources of one deployment; `before` is what all of them wait for. */
function resourcesOf(resources: readonly Deployable[], before: readonly string[] = []): readonly object[] {
  const here = new Set(resources.map(({ id }) => id.toLowerCase()));
  return resources.map(({ type, apiVersion, name, scope, body, needs }) => {
    const dependsOn = [...needs.filter((id) => here.has(id.toLowerCase())).map(templateText), ...before];
    return {
      type,
      apiVersion,
      name: templateText(name),
      ...(scope === undefined ? {} : { scope: templateText(scope) }),
      ...(armValue(body) as object),
      ...(dependsOn.length === 0 ? {} : { dependsOn }),
    };
  });
}

function armValue(value: Value): unknown {
  if (value instanceof SecretRef) return `[parameters('${value.name}')]`;
  if (typeof value === 'string') return templateText(value);
  if (Array.isArray(value)) return value.map(armValue);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, armValue(item)]));
  return value;
}
