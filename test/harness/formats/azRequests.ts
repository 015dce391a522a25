import assert from 'node:assert/strict';

/** A request of Resource Manager. */
export interface WireRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: object;
}

interface Call {
  readonly subscription: string;
  /** The words behind an option, by its name. */
  of(name: string): string;
  maybe(name: string): string | undefined;
  all(name: string): readonly (readonly string[])[];
  has(name: string): boolean;
}

/**
 * What the commands of an `az` script send, as the sources of azure-cli have it (azure/cli/command_modules:
 * resource/custom.py, role/custom.py, util/custom.py; monitor and log_analytics below aaz/latest). The script of the
 * plan in `test/contract/formats`, run by azure-cli 2.45 itself, left the same estate.
 */
export function azRequests(calls: readonly (readonly string[])[]): readonly WireRequest[] {
  let subscription = '';
  return calls.flatMap((words) => {
    const at = words.findIndex((word) => word.startsWith('--'));
    const verb = words.slice(0, at).join(' ');
    const call = readCall(words.slice(at), subscription);
    if (verb === 'account set') {
      subscription = call.of('--subscription');
      return [];
    }
    const send = VERBS[verb];
    assert.ok(send, `az ${verb} is a command that is known here`);
    return send(call);
  });
}

const VERBS: Readonly<Record<string, (call: Call) => readonly WireRequest[]>> = {
  'group create': ({ subscription, of }) => [
    put(`/subscriptions/${subscription}/resourcegroups/${of('--name')}`, '2022-09-01', { location: of('--location') }),
  ],
  'provider register': ({ subscription, of }) => [
    {
      method: 'POST',
      path: `/subscriptions/${subscription}/providers/${of('--namespace')}/register?api-version=2022-09-01`,
    },
  ],
  rest: ({ of, maybe }) => [
    {
      method: of('--method').toUpperCase(),
      path: of('--url'),
      ...(maybe('--body') === undefined ? {} : { body: JSON.parse(of('--body')) as object }),
    },
  ],
  'monitor log-analytics workspace create': (call) => [
    put(workspaceOf(call), '2025-02-01', {
      location: call.of('--location'),
      ...tagsOf(call),
      properties: {
        ...settingsOf(call),
        sku: {
          name: call.of('--sku'),
          ...(call.has('--capacity-reservation-level')
            ? { capacityReservationLevel: Number(call.of('--capacity-reservation-level')) }
            : {}),
        },
      },
    }),
  ],
  'monitor log-analytics workspace update': (call) => [
    {
      method: 'PATCH',
      path: `${workspaceOf(call)}?api-version=2025-02-01`,
      body: { ...tagsOf(call), properties: settingsOf(call) },
    },
  ],
  'monitor log-analytics workspace delete': (call) => [
    {
      method: 'DELETE',
      path: `${workspaceOf(call)}?api-version=2025-02-01${call.maybe('--force') === 'true' ? '&force=true' : ''}`,
    },
  ],
  'monitor log-analytics workspace table create': (call) => [
    put(`${workspaceOf(call)}/tables/${call.of('--name')}`, '2025-02-01', {
      properties: {
        plan: call.of('--plan'),
        schema: {
          name: call.of('--name'),
          columns: call.all('--columns')[0]!.map((column) => {
            const [name, type] = column.split('=');
            return { name, type };
          }),
        },
      },
    }),
  ],
  'monitor log-analytics workspace table update': (call) => [
    {
      method: 'PATCH',
      path: `${encodePath(`${workspaceOf(call)}/tables/${call.of('--name')}`)}?api-version=2025-02-01`,
      body: {
        properties: {
          ...(call.has('--plan') ? { plan: call.of('--plan') } : {}),
          ...(call.has('--retention-time') ? { retentionInDays: Number(call.of('--retention-time')) } : {}),
          ...(call.has('--total-retention-time')
            ? { totalRetentionInDays: Number(call.of('--total-retention-time')) }
            : {}),
        },
      },
    },
  ],
  'role assignment create': ({ subscription, of, maybe }) => [
    put(`${of('--scope')}/providers/Microsoft.Authorization/roleAssignments/${of('--name')}`, '2022-04-01', {
      properties: {
        roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${of('--role')}`,
        principalId: of('--assignee-object-id'),
        ...(maybe('--assignee-principal-type') === undefined ? {} : { principalType: of('--assignee-principal-type') }),
      },
    }),
  ],
  'monitor action-group create': (call) => [
    put(groupOf(call, `microsoft.insights/actionGroups/${call.of('--name')}`), '2022-06-01', {
      location: 'Global',
      properties: {
        groupShortName: call.of('--short-name'),
        enabled: true,
        webhookReceivers: call.all('--action').map(([kind, name, serviceUri, common]) => {
          assert.equal(kind, 'webhook');
          return { name, serviceUri, useCommonAlertSchema: common === 'usecommonalertschema' };
        }),
      },
    }),
  ],
};

function put(path: string, version: string, body: object): WireRequest {
  return { method: 'PUT', path: `${encodePath(path)}?api-version=${version}`, body };
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function groupOf({ subscription, of }: Call, rest: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${of('--resource-group')}/providers/${rest}`;
}

function workspaceOf(call: Call): string {
  return groupOf(call, `Microsoft.OperationalInsights/workspaces/${call.of('--workspace-name')}`);
}

function settingsOf({ of, has }: Call): object {
  return {
    ...(has('--retention-time') ? { retentionInDays: Number(of('--retention-time')) } : {}),
    ...(has('--quota') ? { workspaceCapping: { dailyQuotaGb: Number(of('--quota')) } } : {}),
  };
}

function tagsOf({ all, has }: Call): object {
  return has('--tags')
    ? {
        tags: Object.fromEntries(
          all('--tags')[0]!
            .filter(Boolean)
            .map((tag) => [before(tag), behind(tag)]),
        ),
      }
    : {};
}

const before = (text: string): string => text.slice(0, text.indexOf('='));
const behind = (text: string): string => text.slice(text.indexOf('=') + 1);

/** Options with the words behind them, as argparse takes them; a negative number is a word. */
function readCall(words: readonly string[], subscription: string): Call {
  const options: { readonly name: string; readonly words: string[] }[] = [];
  for (const word of words) {
    const [, joined, text] = /^(--[a-z][a-z-]*)=([\s\S]*)$/.exec(word) ?? [];
    if (joined !== undefined) options.push({ name: joined, words: [text!] });
    else if (/^--[a-z][a-z-]*$/.test(word)) options.push({ name: word, words: [] });
    else options.at(-1)!.words.push(word);
  }
  const all = (name: string): readonly (readonly string[])[] =>
    options.filter((option) => option.name === name).map((option) => option.words);
  const maybe = (name: string): string | undefined => all(name)[0]?.[0];
  return {
    subscription: maybe('--subscription') ?? subscription,
    all,
    maybe,
    has: (name) => all(name).length > 0,
    of: (name) => {
      const word = maybe(name);
      assert.notEqual(word, undefined, `${name} is said`);
      return word!;
    },
  };
}
