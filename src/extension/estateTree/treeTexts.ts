import { counted } from '../../base/counted.ts';
import { visibleText } from '../../base/visibleText.ts';
import { PATH_NAMES, pathLabel } from '../../core/estate/path.ts';
import { SEVERITIES } from '../../model/assessment/findings.ts';
import type { Finding, Severity } from '../../model/assessment/findings.ts';
import type { CapState, TenantState, Workspace } from '../../model/estate.ts';
import { codeSpan, escapeMarkdown } from '../../base/markdown.ts';
import type { TreeNode } from './treeNode.ts';
import type { LastData } from './workspaceDetails.ts';

/** What a node of the tree shows in its row. */
export interface TreeTexts {
  readonly label: string;
  readonly description?: string;
  readonly icon: { readonly id: string; readonly colour?: string };
  /** What menus look at. */
  readonly contextValue: string;
}

/** Label, badges and icon of a node, free of vscode. */
export function textsOf(node: TreeNode): TreeTexts {
  const { label, description, ...rest } = rawTexts(node);
  return {
    ...rest,
    label: visibleText(label),
    ...(description === undefined ? {} : { description: visibleText(description) }),
  };
}

function rawTexts(node: TreeNode): TreeTexts {
  switch (node.kind) {
    case 'group':
      return {
        label: node.label,
        description: counted(node.workspaces.length, 'workspace'),
        icon: { id: 'layers' },
        contextValue: 'group',
      };
    case 'customer':
      return customerTexts(node);
    case 'tenant':
      return {
        label: node.tenant.name,
        description:
          node.tenant.state === 'entered' ? (node.tenant.defaultDomain ?? '') : STATE_NAMES[node.tenant.state],
        icon:
          node.tenant.state === 'entered'
            ? { id: 'azure' }
            : {
                id: 'lock',
                colour: node.tenant.state === 'failed' ? 'list.errorForeground' : 'list.warningForeground',
              },
        contextValue: `tenant.${node.tenant.state}`,
      };
    case 'workspace':
      return {
        label: node.workspace.name,
        description: workspaceBadges(node.workspace).join(' · '),
        icon: {
          id: node.workspace.sentinel ? 'shield' : 'database',
          ...(CAP_COLOURS[node.workspace.cap] ? { colour: CAP_COLOURS[node.workspace.cap] } : {}),
        } as TreeTexts['icon'],
        contextValue: 'workspace',
      };
    case 'tables':
      return { label: 'Tables', icon: { id: 'folder' }, contextValue: 'tables' };
    case 'functions':
      return { label: 'Functions', icon: { id: 'folder' }, contextValue: 'functions' };
    case 'findings':
      return {
        label: 'Findings',
        description: severityCounts(node.findings),
        icon: { id: 'checklist' },
        contextValue: 'findings',
      };
    case 'finding':
      return {
        label: node.finding.title,
        description: node.finding.severity,
        icon: SEVERITY_ICONS[node.finding.severity],
        contextValue: 'finding',
      };
    case 'table':
      return {
        label: node.table.name,
        icon: { id: node.table.kind === 'CustomLog' ? 'symbol-class' : 'table' },
        contextValue: 'table',
        description: [
          node.table.plan,
          retention(node.table.retentionDays, node.table.totalRetentionDays),
          ...(node.table.classic ? ['classic'] : []),
        ].join(' · '),
      };
    case 'function':
      return {
        label: node.fn.name,
        description: node.fn.parameters,
        icon: { id: 'symbol-function' },
        contextValue: 'function',
      };
    case 'message':
      return {
        label: node.text,
        icon: { id: node.error ? 'warning' : 'info', ...(node.error ? { colour: 'list.warningForeground' } : {}) },
        contextValue: node.tenant ? `message.${node.tenant.state}` : 'message',
      };
  }
}

const SEVERITY_ICONS: Readonly<Record<Severity, TreeTexts['icon']>> = {
  critical: { id: 'error', colour: 'list.errorForeground' },
  high: { id: 'warning', colour: 'list.warningForeground' },
  medium: { id: 'info' },
  low: { id: 'circle-small' },
};

/** `2 critical, 1 low`, worst first. */
function severityCounts(findings: readonly Finding[]): string {
  return SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((one) => one.severity === severity).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
    .join(', ');
}

/** How many workspaces, and at the closed customer already whether a tenant of it stayed shut. */
function customerTexts(node: TreeNode & { kind: 'customer' }): TreeTexts {
  const shut =
    node.source.kind === 'customer'
      ? node.source.children.flatMap((child) =>
          child.kind === 'tenant' && child.tenant.state !== 'entered' ? [child.tenant.state] : [],
        )
      : [];
  const [first] = shut;
  const parts = [
    ...(node.workspaces.length > 0 || first === undefined ? [counted(node.workspaces.length, 'workspace')] : []),
    ...(first === undefined
      ? []
      : [
          shut.every((state) => state === first) && node.workspaces.length === 0
            ? STATE_NAMES[first]
            : `${counted(shut.length, 'tenant')} not entered`,
        ]),
  ];
  return {
    label: node.customer.name,
    description: parts.join(' · '),
    contextValue: 'customer',
    icon: {
      id: 'organization',
      ...(first === undefined
        ? {}
        : { colour: shut.includes('failed') ? 'list.errorForeground' : 'list.warningForeground' }),
    },
  };
}

/** `westeurope`, `90 d`, `5 GB/day hit`, `Lighthouse`, `Sentinel`: what one sees without opening anything. */
export function workspaceBadges(workspace: Workspace): string[] {
  return [
    pathLabel(workspace),
    workspace.region,
    `${workspace.retentionDays} d`,
    ...(workspace.dailyCapGb === undefined ? [] : [`${workspace.dailyCapGb} GB/day${CAP_WORDS[workspace.cap]}`]),
    ...(workspace.cap === 'suspended' && workspace.dailyCapGb === undefined ? ['ingestion suspended'] : []),
    ...(workspace.sentinel ? ['Sentinel'] : []),
  ].filter((badge) => badge !== '');
}

/** Finds what people call a customer, a tenant or an account. */
export interface TooltipNames {
  customerName(key: string): string;
  tenantName(id: string): string;
  accountLabel(id: string): string;
}

/**
 * Markdown with everything known about the node; names of others are escaped. Undefined where the label says it all.
 * `lastData` is what was found out about a workspace's newest data, if anybody asked.
 */
export function tooltipOf(node: TreeNode, names: TooltipNames, lastData?: LastData): string | undefined {
  switch (node.kind) {
    case 'customer':
      return table(node.customer.name, [
        ['Key', codeSpan(node.customer.key)],
        ['Groups', escapeMarkdown(node.customer.groups.join(', '))],
        ['Tags', tags(node.customer.tags)],
        ['Tenants', String(node.customer.tenants.length)],
        ['Workspaces', String(node.workspaces.length)],
        [
          'Declared retention',
          node.customer.declared?.retentionDays === undefined
            ? ''
            : counted(node.customer.declared.retentionDays, 'day'),
        ],
        ['Declared regions', escapeMarkdown(node.customer.declared?.regions?.join(', ') ?? '')],
      ]);
    case 'tenant':
      return table(node.tenant.name, [
        ['State', STATE_NAMES[node.tenant.state]],
        ['Why', escapeMarkdown(node.tenant.error?.message ?? '')],
        ['Tenant ID', codeSpan(node.tenant.id)],
        ['Domain', escapeMarkdown(node.tenant.defaultDomain ?? '')],
        ['Customer', escapeMarkdown(names.customerName(node.tenant.customer))],
        ['Accounts', node.tenant.accounts.map((id) => escapeMarkdown(names.accountLabel(id))).join(', ')],
      ]);
    case 'workspace':
      return workspaceTooltip(node.workspace, names, lastData);
    case 'table':
      return table(node.table.name, [
        ['Plan', escapeMarkdown(node.table.plan)],
        ['Retention', counted(node.table.retentionDays, 'day')],
        ['Total retention', counted(node.table.totalRetentionDays, 'day')],
        ['Kind', escapeMarkdown(node.table.kind)],
        ['Classic', node.table.classic ? 'yes' : ''],
      ]);
    case 'function':
      return table(node.fn.name, [
        ['Parameters', node.fn.parameters === '' ? 'none' : codeSpan(node.fn.parameters)],
        ['Category', escapeMarkdown(node.fn.category ?? '')],
      ]);
    case 'finding':
      return table(node.finding.title, [
        ['Severity', node.finding.severity],
        ['Why', escapeMarkdown(node.finding.why)],
      ]);
    case 'message':
      return escapeMarkdown(node.text);
    case 'group':
    case 'findings':
    case 'tables':
    case 'functions':
      return undefined;
  }
}

function workspaceTooltip(workspace: Workspace, names: TooltipNames, lastData: LastData | undefined): string {
  return table(workspace.name, [
    ['Customer', escapeMarkdown(names.customerName(workspace.customer))],
    ['Tenant', escapeMarkdown(names.tenantName(workspace.tenant))],
    [
      'Access',
      workspace.paths
        .map((path) => `${PATH_NAMES[path.kind]} (${escapeMarkdown(names.accountLabel(path.account))})`)
        .join(', '),
    ],
    ['Region', escapeMarkdown(workspace.region)],
    ['Tier', escapeMarkdown(workspace.sku)],
    ['Retention', `${workspace.retentionDays} days`],
    [
      'Daily cap',
      workspace.dailyCapGb === undefined ? 'none' : `${workspace.dailyCapGb} GB${CAP_WORDS[workspace.cap]}`,
    ],
    ['Sentinel', workspace.sentinel ? 'yes' : 'no'],
    ['Last data', lastData === undefined ? '' : lastDataText(lastData)],
    ['Resource group', escapeMarkdown(workspace.resourceGroup)],
    ['Subscription', `${escapeMarkdown(workspace.subscriptionName)} ${codeSpan(workspace.subscription)}`],
    ['Workspace ID', codeSpan(workspace.guid)],
    ['Tags', tags(workspace.tags)],
  ]);
}

function lastDataText(lastData: LastData): string {
  return lastData.ok ? escapeMarkdown(lastData.value ?? 'none') : `unknown: ${escapeMarkdown(lastData.error.message)}`;
}

const STATE_NAMES: Readonly<Record<TenantState, string>> = {
  entered: 'entered',
  signInRequired: 'sign-in required',
  noAccess: 'no access',
  failed: 'could not be entered',
};
const CAP_WORDS: Readonly<Record<CapState, string>> = {
  none: '',
  respected: '',
  unknown: '',
  approaching: ' nearly used up',
  hit: ' hit',
  suspended: ' suspended',
};
const CAP_COLOURS: Readonly<Partial<Record<CapState, string>>> = {
  approaching: 'list.warningForeground',
  hit: 'list.errorForeground',
  suspended: 'list.errorForeground',
};

function retention(interactive: number, total: number): string {
  return total > interactive ? `${interactive} d of ${total} d` : `${interactive} d`;
}
function tags(all: Readonly<Record<string, string>>): string {
  return Object.entries(all)
    .map(([key, value]) => codeSpan(value === '' ? key : `${key}=${value}`))
    .join(' ');
}

/** A heading and one line a fact; facts without a value are left out. Two spaces end a Markdown line. */
function table(title: string, facts: readonly (readonly [string, string])[]): string {
  return [
    `**${escapeMarkdown(title)}**\n`,
    ...facts.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}  `),
  ].join('\n');
}
