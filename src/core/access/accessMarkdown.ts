import { codeBlock, escapeMarkdown } from '../../base/markdown.ts';
import type { AccessReport, QueryAudit, Reader, WorkspaceAccess } from '../../model/access.ts';
import { PATH_NAMES } from '../estate/path.ts';

/** The report as a Markdown document: a chapter a workspace, then what to send to whom. Names are escaped. */
export function accessMarkdown({ at, workspaces, closed, requests }: AccessReport): string {
  return [
    '# Access',
    '',
    `As seen at ${at}. What is *not visible* may exist all the same.`,
    '',
    ...closed.flatMap(({ customerName, tenantName, tenant, error }) => [
      `## ${text(customerName)}: tenant ${text(tenantName)} (${tenant})`,
      '',
      `Not visible: ${text(error?.message ?? 'nobody could enter it.')}`,
      '',
    ]),
    ...workspaces.flatMap(chapter),
    ...(requests.length === 0 ? [] : ['# To send', '']),
    ...requests.flatMap(({ customerName, contact, text: request }) => [
      `## ${text(customerName)}${contact === undefined ? '' : `, to ${text(contact)}`}`,
      '',
      codeBlock(request.trimEnd(), 'text'),
      '',
    ]),
  ].join('\n');
}

function chapter(one: WorkspaceAccess): readonly string[] {
  const { customerName, workspaceName, tenantName, ways, readers, notVisible, audit } = one;
  return [
    `## ${text(customerName)}: ${text(workspaceName)}`,
    '',
    `In tenant ${text(tenantName)}.`,
    '',
    '### Your own accounts',
    '',
    ...table(
      ['Account', 'Path', 'State', 'Next'],
      ways.map(({ account, path, state, why }) => [account, path ? PATH_NAMES[path] : '', STATES[state], why]),
    ),
    '### Who can read it',
    '',
    ...table(
      ['Who', 'Side', 'Kind', 'Role', 'From', 'Limit'],
      readers.map((reader) => [
        nameOf(reader),
        reader.side === 'unknown' ? 'not known' : reader.side,
        reader.kind === 'unknown' ? 'not known' : reader.kind,
        reader.role,
        reader.from,
        reader.limit,
      ]),
    ),
    '### Not visible',
    '',
    ...notVisible.map(({ what, why }) => `- ${text(what)}: ${text(why)}`),
    '',
    '### Who reads what you ask',
    '',
    text(auditWords(audit)),
    '',
  ];
}

/** What the states of an account are called. */
export const STATES: Readonly<Record<WorkspaceAccess['ways'][number]['state'], string>> = {
  works: 'works',
  signInRequired: 'sign-in needed',
  conditionalAccess: 'blocked by conditional access',
  noAccess: 'no access',
  failed: 'failed',
};

/** Name and id of a reader, as far as they are known. */
export function nameOf({ name, who, principal }: Reader): string {
  if (name === undefined || principal === undefined) return who;
  return name.includes(principal) ? name : `${name}, ${principal}`;
}

/** Who can read the text of queries, in a sentence. */
export function auditWords(audit: QueryAudit): string {
  switch (audit.state) {
    case 'off':
      return 'The text of queries is kept nowhere. Whoever may change diagnostic settings can have it kept from now on.';
    case 'kept':
      return `The text of queries is kept in ${audit.places.join(', ')}. It can be read by: ${audit.readers.join('; ') || 'nobody that is seen'}.`;
    case 'notVisible':
      return `Not visible: ${audit.why}`;
  }
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |`;
  return [line(header), `|${' --- |'.repeat(header.length)}`, ...rows.map(line), ''];
}

function text(value: string): string {
  return escapeMarkdown(value);
}
