import type { ProvisionPlan } from '../../model/plan.ts';
import { codeBlock, codeSpan, escapeMarkdown } from '../platform/markdown.ts';
import { printTags } from './tagText.ts';

/**
 * The plan as a document to read before anything is done: what happens, with which settings, and the same for other
 * tools. Markdown.
 */
export function planText(plan: ProvisionPlan): string {
  const { request } = plan;
  const settings: readonly (readonly [string, string])[] = [
    ['Name', request.name],
    ['Resource group', `${request.resourceGroup}${request.createResourceGroup ? ' (new)' : ''}`],
    ['Subscription', request.subscription],
    ['Tenant', request.tenant],
    ['Region', request.region],
    [
      'Pricing tier',
      request.sku.name === 'PerGB2018' ? 'Pay as you go (PerGB2018)' : `Commitment of ${request.sku.gbPerDay} GB a day`,
    ],
    ['Retention', `${request.retentionDays} days`],
    ['Daily cap', request.dailyCapGb === undefined ? 'none' : `${request.dailyCapGb} GB`],
    ['Tags', printTags(request.tags) || 'none'],
  ];
  return [
    `# ${escapeMarkdown(plan.title)}`,
    '',
    'Nothing has been done yet.',
    '',
    ...(plan.warnings.length
      ? ['## Read this first', '', ...plan.warnings.map((warning) => `- ${escapeMarkdown(warning)}`), '']
      : []),
    '## What will happen',
    '',
    ...plan.steps.map((step, at) => `${at + 1}. **${escapeMarkdown(step.title)}**: ${escapeMarkdown(step.detail)}`),
    '',
    '## Settings',
    '',
    '| | |',
    '| --- | --- |',
    ...settings.map(([name, value]) => `| ${name} | ${codeSpan(value).replaceAll('|', '\\|')} |`),
    '',
    '## The same with the Azure CLI',
    '',
    codeBlock(plan.commands.join('\n'), 'sh'),
    '',
    '## The same as an ARM template',
    '',
    codeBlock(plan.template, 'json'),
    '',
  ].join('\n');
}
