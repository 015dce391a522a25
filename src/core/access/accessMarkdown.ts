import { counted } from '../../base/counted.ts';
import { codeBlock, escapeMarkdown } from '../../base/markdown.ts';
import type { AccessReport, ClosedTenant, QueryAudit, Reader, WorkspaceAccess } from '../../model/access.ts';
import { PATH_NAMES } from '../estate/path.ts';

/** The title above what is to be sent; a text for one administrator has a heading of its own below it. */
export const TO_SEND = '# To send';

/** The report as a Markdown document: a chapter a workspace, then what to send to whom. Names are escaped. */
export function accessMarkdown({ at, workspaces, closed, requests }: AccessReport): string {
  return [
    '# Access',
    '',
    `As seen at ${at}. What is *not visible* may exist all the same.`,
    '',
    ...(workspaces.length > 1 ? overview(workspaces) : []),
    ...closed.flatMap(closedChapter),
    ...workspaces.flatMap(chapter),
    ...(requests.length === 0 ? [] : [TO_SEND, '', 'What only an administrator of the customer can do.', '']),
    ...requests.flatMap(({ customerName, contact, text: request }) => [
      `## ${text(customerName)}${contact === undefined ? '' : `, to ${text(contact)}`}`,
      '',
      codeBlock(request.trimEnd(), 'text'),
      '',
    ]),
  ].join('\n');
}

function overview(workspaces: readonly WorkspaceAccess[]): readonly string[] {
  return table(
    ['Customer', 'Workspace', 'Your ways in', 'Readers of yours', 'Of theirs', 'Not known whose', 'Text of queries'],
    workspaces.map(({ customerName, workspaceName, ways, readers, audit, notVisible }) => {
      const count = (side: Reader['side']): string => String(readers.filter((one) => one.side === side).length);
      const hidden = notVisible.some(({ what }) => /customer's own|customer's groups/.test(what));
      return [
        customerName,
        workspaceName,
        [...new Set(ways.map(({ path, state }) => (path ? PATH_NAMES[path] : STATES[state])))].join(', '),
        count('provider'),
        hidden ? 'not visible' : count('customer'),
        count('unknown'),
        { off: 'kept nowhere', kept: 'kept', notVisible: 'not visible' }[audit.state],
      ];
    }),
  );
}

function closedChapter({ customerName, tenantName, tenant, state, error }: ClosedTenant): readonly string[] {
  return [
    `## ${text(customerName)}: tenant ${text(tenantName)}`,
    '',
    `Nothing of tenant \`${tenant}\` is visible: ${STATES[state]}${codeOf(error)}.`,
    '',
    text(error?.message ?? 'Nobody could enter it.'),
    '',
  ];
}

/** The number by which Microsoft Entra ID names its refusal: administrators look for that one. */
function codeOf(error: ClosedTenant['error']): string {
  const number = error?.data?.['aadsts'];
  return typeof number === 'number' ? ` (AADSTS${number})` : '';
}

function chapter(one: WorkspaceAccess): readonly string[] {
  const { customerName, workspaceName, tenantName, ways, readers, notVisible, audit } = one;
  const section = (title: string, rows: readonly Reader[], none: string): readonly string[] => [
    `### ${title}`,
    '',
    ...(rows.length === 0
      ? [none, '']
      : table(['Who', 'Kind', 'Role', 'Where it comes from', 'Limit'], rows.flatMap(readerLines))),
  ];
  return [
    `## ${text(customerName)}: ${text(workspaceName)}`,
    '',
    `In tenant ${text(tenantName)}.`,
    '',
    '### How your accounts get in',
    '',
    ...table(
      ['Account', 'Path', 'State', 'What to do'],
      ways.map(({ account, path, state, why }) => [account, path ? PATH_NAMES[path] : '', STATES[state], why]),
    ),
    ...section('Who of yours can read it', readers.filter(isOurs), 'Nobody that is seen.'),
    ...section(
      'Who else can read it',
      readers.filter((reader) => !isOurs(reader)),
      'Nobody that is seen.',
    ),
    '### Who reads what you ask',
    '',
    text(auditWords(audit)),
    '',
    ...(audit.state === 'kept' ? [...audit.readers.map((reader) => `- ${text(reader)}`), ''] : []),
    '### Not visible',
    '',
    ...notVisible.map(({ what, why }) => `- ${text(what)}: ${text(why)}`),
    '',
  ];
}

function isOurs({ side }: Reader): boolean {
  return side === 'provider';
}

/** A row of a reader, and one for each member of a group that is known. */
export function readerLines(reader: Reader): readonly (readonly [string, string, string, string, string])[] {
  const { kind, role, from, limit, members } = reader;
  const own = [nameOf(reader), kind === 'unknown' ? 'not known' : kind, role, from, limit] as const;
  if (members?.state !== 'known') return [own];
  const group = `Member of ${reader.name ?? reader.who}`;
  return [
    own,
    ...members.people.map((one) => [one.name, one.kind, role, group, limit] as const),
    ...(members.more > 0 ? [[counted(members.more, 'further member'), '', role, group, limit] as const] : []),
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

/** The name of a reader; the id where its directory does not tell it. */
function nameOf({ name, who }: Reader): string {
  return name ?? who;
}

/** Whether the text of queries is kept, and where, in a sentence. */
export function auditWords(audit: QueryAudit): string {
  switch (audit.state) {
    case 'off':
      return 'The text of queries is kept nowhere. Whoever may change diagnostic settings can have it kept from now on.';
    case 'kept':
      return `The text of queries is kept in ${audit.places.join(', ')}. It can be read by${audit.readers.length === 0 ? ' nobody that is seen.' : ':'}`;
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
