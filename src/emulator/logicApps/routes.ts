import { key } from '../armId.ts';
import { page } from '../arm/subscriptions.ts';
import { addLists, pathInGroup } from '../arm/resourceLists.ts';
import { readInput } from '../arm/workspaces.ts';
import type { ArmCall, ArmGate } from '../arm/gate.ts';
import { armError, type Answer } from '../router.ts';
import { logicAppKey, putLogicApp, removeIdentity, WORKFLOW_TYPE } from './putLogicApp.ts';
import type { LogicAppInput } from './putLogicApp.ts';
import { LogicAppService } from './service.ts';
import type { LogicApp, WorkflowRun } from './workflow.ts';
import { toRun, toRunAction, toWorkflowResource } from './workflowBody.ts';

const IN_GROUP = pathInGroup(WORKFLOW_TYPE);
const ONE = `${IN_GROUP}/{workflow}`;

/** Logic Apps (Consumption), as in azure-rest-api-specs, Microsoft.Logic 2019-05-01, and what runs them. */
export function registerLogicApps(gate: ArmGate): void {
  const { world, deps } = gate;
  const service = new LogicAppService(world, deps);
  deps.onClose(() => service.close());
  const does = (action: string) => ({ type: WORKFLOW_TYPE, action: `${WORKFLOW_TYPE}/${action}` });
  const appOf = ({ ctx }: ArmCall): LogicApp => {
    const { subscriptionId, resourceGroup, workflow } = ctx.params;
    const app = world.logicApps.get(logicAppKey(subscriptionId!, resourceGroup!, workflow!));
    if (app) return app;
    throw armError(
      404,
      'ResourceNotFound',
      `The Resource '${WORKFLOW_TYPE}/${workflow}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    );
  };
  const runOf = (call: ArmCall, app: LogicApp): WorkflowRun => {
    const name = call.ctx.params['run']!;
    const run = app.runs.find((one) => key(one.name) === key(name));
    if (!run)
      throw armError(404, 'WorkflowRunNotFound', `The workflow '${app.name}' run '${name}' could not be found.`);
    return run;
  };
  const get = (path: string, action: string, answer: (app: LogicApp, call: ArmCall) => Answer): void => {
    gate.add('GET', `${ONE}${path}`, does(action), (call) => answer(appOf(call), call));
  };

  addLists(gate, WORKFLOW_TYPE, {
    all: () => world.logicApps.values(),
    idOf: ({ id }) => id,
    bodyOf: (app) => toWorkflowResource(world, app),
  });
  get('', 'read', (app) => ({ status: 200, body: toWorkflowResource(world, app) }));
  gate.add('PUT', ONE, does('write'), ({ ctx, subscription }) => {
    const { resourceGroup, workflow } = ctx.params;
    const known = world.logicApps.has(logicAppKey(subscription.subscriptionId, resourceGroup!, workflow!));
    const input = readInput<LogicAppInput>(ctx.json(), ctx.body);
    const app = putLogicApp(world, subscription, resourceGroup!, workflow!, input);
    return { status: known ? 200 : 201, body: toWorkflowResource(world, app) };
  });
  gate.add('DELETE', ONE, does('delete'), ({ ctx }) => {
    const { subscriptionId, resourceGroup, workflow } = ctx.params;
    const at = logicAppKey(subscriptionId!, resourceGroup!, workflow!);
    const app = world.logicApps.get(at);
    if (!app) return { status: 204 };
    removeIdentity(world, app);
    world.logicApps.delete(at);
    world.touch();
    return { status: 200 };
  });
  for (const [verb, state] of [
    ['enable', 'Enabled'],
    ['disable', 'Disabled'],
  ] as const)
    gate.add('POST', `${ONE}/${verb}`, does(`${verb}/action`), (call) => {
      appOf(call).state = state;
      world.touch();
      return { status: 200 };
    });
  gate.add('POST', `${ONE}/triggers/{trigger}/run`, does('triggers/run/action'), (call) => {
    const app = appOf(call);
    const name = call.ctx.params['trigger']!;
    const trigger = Object.keys(app.definition.triggers ?? {}).find((one) => key(one) === key(name));
    if (trigger === undefined)
      throw armError(
        404,
        'WorkflowTriggerNotFound',
        `The workflow '${app.name}' trigger '${name}' could not be found.`,
      );
    if (app.state !== 'Enabled')
      throw armError(
        409,
        'WorkflowTriggerIsNotEnabled',
        `Could not execute workflow '${app.name}' trigger '${trigger}' with state 'Disabled': trigger is not enabled.`,
      );
    service.start(app, trigger);
    return { status: 202 };
  });
  get('/runs', 'runs/read', (app, call) =>
    page(
      call,
      app.runs.map((run) => toRun(app, run)),
    ),
  );
  get('/runs/{run}', 'runs/read', (app, call) => ({ status: 200, body: toRun(app, runOf(call, app)) }));
  get('/runs/{run}/actions', 'runs/actions/read', (app, call) => {
    const run = runOf(call, app);
    return page(
      call,
      run.actions.map((action) => toRunAction(app, run, action)),
    );
  });
}
