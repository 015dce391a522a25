import { readFile } from 'node:fs/promises';
import { openAssessments } from '../../app/assessments.ts';
import { exportAssessment } from '../../app/assessmentExport.ts';
import { readAssessment } from '../../app/assessmentFile.ts';
import { AppError } from '../../base/errors.ts';
import { compareAssessments } from '../../core/assess/compareAssessments.ts';
import { parseWeights } from '../../core/assess/parseWeights.ts';
import { decodeText } from '../../base/decodeText.ts';
import type { Assessment, AssessmentDifference } from '../../model/assessment/assessment.ts';
import { SEVERITIES } from '../../model/assessment/findings.ts';
import type { Severity } from '../../model/assessment/findings.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Scope } from '../../model/scope.ts';
import { count } from '../../report/words.ts';
import { soundBaselineIfAny } from '../baselineFile.ts';
import { choiceOf, textOf } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { checkOut, writeOut } from '../output/outFile.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { readScope } from '../scopeOption.ts';
import { VERSION } from '../version.ts';
import { assessmentRows, COLUMNS, differenceLines } from './assessTexts.ts';

const FORMATS = ['table', 'json', 'md', 'html', 'sarif'] as const;
const NEVER_FAILS = 'never';

/** `tenantscope assess`. */
export const ASSESS: Command = {
  name: 'assess',
  summary: 'architecture fit: where each customer’s logs live, where they would fit, and the evidence',
  options: {
    ...CONNECTION_OPTIONS,
    scope: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string' },
    customer: { type: 'string' },
    'fail-on': { type: 'string' },
    weights: { type: 'string' },
    baseline: { type: 'string' },
    against: { type: 'string' },
  },
  positionals: [],
  help: `Usage: tenantscope assess [options]

Measures every customer of the scope and says which of the three architectures (distributed, central, hybrid) it is in,
which fits, what is wrong and the evidence. It reads only; it changes nothing.

  --scope SCOPE          which customers, e.g. "group:gold except customer:contoso"; all where absent
  --format FORM          table (where absent), json, md, html or sarif
  --out FILE             write the report there instead of to standard output
  --customer NAME        only this customer, and its report as the copy that may go there: nothing of others is in it
  --fail-on SEVERITY     end with 10 where a finding is at least this bad: critical, high, medium or low; never where
                         absent
  --against FILE         an earlier assessment of yours (--format json): say what is different since
  --weights FILE         the provider's weights of the criteria: {"weights": {"residency": 20}}
  --baseline FILE        what is agreed (default: the nearest .tenantscope/baseline.json of this repository, where it has
                         one): what differs from it is a finding
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, terminal }) {
    // Everything that can be wrong with the options is found before anybody is asked.
    const format = choiceOf(values, 'format', FORMATS, 'table');
    const worst = choiceOf(values, 'fail-on', [...SEVERITIES, NEVER_FAILS], NEVER_FAILS);
    const out = textOf(values, 'out');
    const name = textOf(values, 'customer');
    refuseTogether(format, out, name, textOf(values, 'scope'));
    readScope(values, undefined);
    if (out !== undefined) await checkOut(out);
    const weights = await readWeights(values);
    const before = await readBefore(values);
    const baseline = await soundBaselineIfAny(values, terminal);
    const azure = await openAzure(values, terminal);
    try {
      terminal.status('Reading the estate');
      const estate = await azure.estate.load({ signal: terminal.signal });
      const customer = name === undefined ? undefined : findCustomer(name, estate.customers);
      const scope = customer === undefined ? readScope(values, undefined, estate) : scopeOfCustomer(customer);
      const assessment = await openAssessments(azure).assess({
        scope,
        signal: terminal.signal,
        ...(weights ? { weights } : {}),
        ...(baseline ? { baseline } : {}),
        progress: ({ done, total, what }) => {
          if (terminal.errorIsScreen) terminal.status(safeText(`Assessing: ${done} of ${total} questions, ${what}`));
        },
      });
      terminal.status('');
      const difference = before && compareAssessments(before, assessment);
      await writeReport({ terminal, out, format, assessment, customer, difference, estate });
      say(terminal, assessment, before, difference);
      return exitCode(assessment, worst);
    } finally {
      azure.dispose();
    }
  },
};

interface Report {
  readonly terminal: Terminal;
  readonly out: string | undefined;
  readonly format: (typeof FORMATS)[number];
  readonly assessment: Assessment;
  readonly customer: CustomerKey | undefined;
  readonly difference: AssessmentDifference | undefined;
  readonly estate: Parameters<typeof exportAssessment>[1];
}

async function writeReport({ terminal, out, format, assessment, customer, difference, estate }: Report): Promise<void> {
  if (format === 'table') {
    await printTable(terminal, 'table', COLUMNS, assessmentRows(assessment));
    return;
  }
  const text = await exportAssessment(assessment, estate, {
    format,
    version: VERSION,
    ...(customer === undefined ? {} : { customer }),
    ...(difference ? { difference } : {}),
  });
  await writeOut(out, terminal, (put) => put(text));
}

function say(
  terminal: Terminal,
  assessment: Assessment,
  before: Assessment | undefined,
  difference: AssessmentDifference | undefined,
): void {
  const { customers, cancelled } = assessment;
  if (cancelled) terminal.say('Cancelled: what was not measured by then is unknown.');
  for (const { name, sentence } of customers.filter(({ assessed }) => !assessed))
    terminal.say(safeText(`${name}: ${sentence}`));
  const blind = customers.filter(
    ({ assessed, checks }) => assessed && checks.some(({ unknown }) => unknown.length > 0),
  );
  if (blind.length > 0)
    terminal.say(
      `Of ${count(blind.length, 'customer')} some checks could not look everywhere: unknown there, not fine.`,
    );
  if (before && difference)
    for (const line of differenceLines(difference, assessment, before.scope)) terminal.say(safeText(line));
}

function exitCode(assessment: Assessment, worst: Severity | typeof NEVER_FAILS): number {
  const asked = assessment.customers;
  if (assessment.cancelled) return EXIT.cancelled;
  const bad =
    worst !== NEVER_FAILS &&
    asked.some(({ findings }) =>
      findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(worst)),
    );
  if (bad) return EXIT.findings;
  return asked.every(({ assessed, checks }) => assessed && checks.every(({ unknown }) => unknown.length === 0))
    ? EXIT.complete
    : EXIT.partial;
}

async function readText(path: string, option: string): Promise<string> {
  try {
    return decodeText(await readFile(path));
  } catch (error) {
    throw new AppError('input.file', `--${option}: ${path} cannot be read: ${(error as Error).message}`);
  }
}

async function readWeights(values: Values): Promise<ReturnType<typeof parseWeights> | undefined> {
  const path = textOf(values, 'weights');
  return path === undefined ? undefined : parseWeights(await readText(path, 'weights'), path);
}

async function readBefore(values: Values): Promise<Assessment | undefined> {
  const path = textOf(values, 'against');
  if (path === undefined) return undefined;
  const before = await readAssessment(path);
  // A customer's copy has no scope: what it was made of stays with the provider.
  if (!before || before.scope === '')
    throw new AppError(
      'input.file',
      before
        ? `--against: ${path} is the copy for one customer, which does not name workspaces: take your own, without --customer.`
        : `--against: ${path} is no assessment of this version: write one with --format json.`,
    );
  return before;
}

/** What cannot be meant together. */
function refuseTogether(
  format: (typeof FORMATS)[number],
  out: string | undefined,
  customer: string | undefined,
  scope: string | undefined,
): void {
  const refuse = (message: string): never => {
    throw new AppError('input.usage', message);
  };
  if (format === 'table' && customer !== undefined)
    refuse('--customer writes a report: choose --format html, md, json or sarif.');
  if (format === 'table' && out !== undefined) refuse('--out needs --format html, md, json or sarif.');
  if (scope !== undefined && customer !== undefined)
    refuse('--customer measures that one customer alone: leave --scope out.');
}

function scopeOfCustomer(key: CustomerKey): Scope {
  return { include: [{ kind: 'customer', value: key }], except: [] };
}

function findCustomer(
  name: string,
  customers: readonly { readonly key: CustomerKey; readonly name: string }[],
): CustomerKey {
  const wanted = name.trim().toLowerCase();
  const byKey = customers.filter(({ key }) => key.toLowerCase() === wanted);
  const found = byKey.length > 0 ? byKey : customers.filter((one) => one.name.toLowerCase() === wanted);
  if (found.length !== 1)
    throw new AppError(
      'input.usage',
      found.length === 0
        ? `--customer: no customer is called "${name}".`
        : `--customer: several customers are called "${name}"; name its key: ${found.map(({ key }) => key).join(', ')}.`,
    );
  return found[0]!.key;
}
