import { mayDo } from '../access.ts';
import { key } from '../armId.ts';
import { workspacesOf } from '../lookup.ts';
import type { ArmGate } from './gate.ts';
import { resourceNotFound, solutionsOf } from './workspaceBody.ts';

const TYPE = 'Microsoft.OperationsManagement/solutions';

/** Solutions of workspaces (Sentinel is `SecurityInsights(name)`), to read. */
export function registerSolutions(gate: ArmGate): void {
  for (const at of [
    '/subscriptions/{subscriptionId}',
    '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}',
  ]) {
    gate.add(
      'GET',
      `${at}/providers/${TYPE}`,
      { type: TYPE, action: `${TYPE}/read`, list: true },
      ({ ctx, subscription, grants }) => ({
        status: 200,
        body: {
          value: workspacesOf(gate.world, subscription.subscriptionId, ctx.params['resourceGroup'] || undefined)
            .flatMap(solutionsOf)
            .filter(({ id }) => mayDo(grants, `${TYPE}/read`, id)),
        },
      }),
    );
  }
  gate.add(
    'GET',
    `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/${TYPE}/{solution}`,
    {
      type: TYPE,
      action: `${TYPE}/read`,
    },
    ({ ctx, subscription }) => {
      const found = workspacesOf(gate.world, subscription.subscriptionId, ctx.params['resourceGroup'])
        .flatMap(solutionsOf)
        .find(({ name }) => key(name) === key(ctx.params['solution']!));
      if (!found) throw resourceNotFound(`${TYPE}/${ctx.params['solution']}`, ctx.params['resourceGroup']!);
      return { status: 200, body: found };
    },
  );
}
