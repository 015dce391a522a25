import { subscriptionScope } from '../armId.ts';
import { toWorkflowResource } from '../logicApps/workflowBody.ts';
import { groupBody, ruleBody } from './alerts/bodies.ts';
import type { World } from '../state.ts';
import { solutionsOf, toArmWorkspace, WORKSPACE_TYPE } from './workspaceBody.ts';

/** Any resource, in Resource Manager's and Resource Graph's common form. */
interface ListedResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly kind?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: object;
  readonly plan?: object;
  readonly identity?: object;
  readonly sku?: object;
}

/**
 * Every resource of the world, or those whose ids are `within`, which looks at the subscription alone: workspaces,
 * their solutions, Logic Apps, rules and groups of alerts, and the others.
 */
export function allResources(world: World, within: (id: string) => boolean = () => true): ListedResource[] {
  const listed: ListedResource[] = [];
  for (const workspace of world.workspaces.values()) {
    if (!within(subscriptionScope(workspace.subscriptionId))) continue;
    listed.push({ type: WORKSPACE_TYPE, ...(toArmWorkspace(workspace) as Omit<ListedResource, 'type'>) });
    listed.push(...solutionsOf(workspace));
  }
  for (const app of world.logicApps.values()) if (within(app.id)) listed.push(toWorkflowResource(world, app));
  for (const one of world.alerting.values())
    if ((one.kind === 'rule' || one.kind === 'group') && within(one.id))
      listed.push(one.kind === 'rule' ? ruleBody(one) : groupBody(one));
  for (const resource of world.resources.values()) if (within(resource.id)) listed.push(resource);
  return listed;
}
