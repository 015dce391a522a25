import { AppError } from '../../base/errors.ts';
import { visibleLines } from '../../base/visibleText.ts';
import { accessMarkdown, auditWords, readerLines, STATES } from '../../core/access/accessMarkdown.ts';
import { PATH_NAMES } from '../../core/estate/path.ts';
import type { AccessReport } from '../../model/access.ts';
import type { Scope } from '../../model/scope.ts';
import { textOf } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { readScope } from '../scopeOption.ts';

/** `tenantscope access`: who can read which workspace, by what, and what nobody here can see of that. */
export const ACCESS: Command = {
  name: 'access',
  summary: 'who can read a workspace, by which role and path, and what is not visible',
  options: {
    ...CONNECTION_OPTIONS,
    scope: { type: 'string' },
    json: { type: 'boolean' },
    markdown: { type: 'boolean' },
    request: { type: 'boolean' },
  },
  positionals: ['[WORKSPACE]'],
  help: `Usage: tenantscope access WORKSPACE [--json | --markdown | --request]
       tenantscope access --scope SCOPE [--json | --markdown | --request]

For each workspace: how your own accounts reach it, or why they do not; every person, group, application and key that
can read it, with the role and where it comes from; who reads the text of what you ask; and what is not visible, which
is never taken for nothing. Over Azure Lighthouse a provider sees none of the customer's own role assignments.

  --scope SCOPE          which workspaces, e.g. "customer:contoso"
  --json                 one JSON document
  --markdown             a document
  --request              only what the customers' administrators have to do, as texts to send
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [name], terminal }) {
    const scope = scopeOf(name, values);
    const azure = await openAzure(values, terminal);
    try {
      const report = await azure.access.explain(scope, terminal.signal);
      await print(report, values, terminal);
      return report.closed.length > 0 ? EXIT.partial : EXIT.complete;
    } finally {
      azure.dispose();
    }
  },
};

function scopeOf(name: string | undefined, values: Values): Scope {
  if ((name === undefined) === (textOf(values, 'scope') === undefined))
    throw new AppError('input.usage', 'Name a workspace, or give --scope.');
  return name === undefined
    ? readScope(values, undefined)
    : { include: [{ kind: 'workspace', value: name }], except: [] };
}

async function print(report: AccessReport, values: Values, terminal: Terminal): Promise<void> {
  const { workspaces, closed, requests } = report;
  if (values['json'] === true) return terminal.write(`${toJson(report)}\n`);
  if (values['markdown'] === true) return terminal.write(visibleLines(accessMarkdown(report)));
  if (values['request'] === true) {
    for (const { customerName, contact, text } of requests) {
      const head = `${customerName}${contact === undefined ? '' : `: ${contact}`}`;
      await terminal.write(`${safeText(head)}\n\n${visibleLines(text)}\n`);
    }
    return;
  }
  for (const { customerName, workspaceName, ways, readers, notVisible, audit } of workspaces) {
    await terminal.write(`${safeText(`${customerName} / ${workspaceName}`)}\n`);
    for (const { account, path, state, why } of ways)
      await terminal.write(
        `${safeText(`  ${account}: ${path ? `${PATH_NAMES[path]}, ` : ''}${STATES[state]}${why === '' ? '' : `. ${why}`}`)}\n`,
      );
    await printTable(
      terminal,
      'table',
      ['Who', 'Side', 'Kind', 'Role', 'From', 'Limit'].map((column) => ({ name: column, type: 'string' })),
      readers.flatMap((reader) =>
        readerLines(reader).map(([who, ...others]) => [who, reader.side === 'unknown' ? '' : reader.side, ...others]),
      ),
    );
    for (const { what, why } of notVisible) await terminal.write(`${safeText(`  Not visible: ${what}. ${why}`)}\n`);
    await terminal.write(`${safeText(`  ${auditWords(audit)}`)}\n`);
    for (const reader of audit.state === 'kept' ? audit.readers : [])
      await terminal.write(`${safeText(`    ${reader}`)}\n`);
    await terminal.write('\n');
  }
  for (const { customerName, tenantName, error } of closed)
    terminal.say(safeText(`${customerName}, tenant ${tenantName}: not visible. ${error?.message ?? ''}`));
}
