import { readFile } from 'node:fs/promises';
import { openAssessments } from '../../app/assessments.ts';
import { exportAssessment } from '../../app/assessmentExport.ts';
import { readAssessment } from '../../app/assessmentShelf.ts';
import { AppError } from '../../base/errors.ts';
import { compareAssessments } from '../../core/assess/compareAssessments.ts';
import { parseWeights } from '../../core/assess/parseWeights.ts';
import { decodeText } from '../../base/decodeText.ts';
import type { Assessment, AssessmentDifference } from '../../model/assessment/assessment.ts';
import { SEVERITIES } from '../../model/assessment/findings.ts';
import type { Severity } from '../../model/assessment/findings.ts';
import type { CustomerKey } from '../../model/ids.ts';
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
import { assessmentRows, COLUMNS, differenceText } from './assessTexts.ts';

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
    against: { type: 'string' },
  },
  positionals: [],
  help: `Usage: tenantscope assess [options]

Measures every customer of the scope and says which of the three architectures (distributed, central, hybrid) it is in,
which fits, what is wrong and the evidence. It reads only; it changes nothing.

  --scope SCOPE          which customers, e.g. "group:gold except customer:contoso"; all where absent
  --format FORM          table (where absent), json, md, html or sarif
  --out FILE             write there instead of standard output
  --customer NAME        the report of this one customer, as the copy that may go there: nothing of others is in it
  --fail-on SEVERITY     end with 10 where a finding is at least critical, high, medium or low (never where absent)
  --against FILE         an earlier assessment (--format json): say what is different since
  --weights FILE         the provider's weights of the criteria: {"weights": {"residency": 20}}
${CONNECTION_HELP}

${EXIT_CODES_HELP}
  10   assess --fail-on: a finding is at least as bad`,
  async run({ values, terminal }) {
    const format = choiceOf(values, 'format', FORMATS, 'table');
    const worst = choiceOf(values, 'fail-on', [...SEVERITIES, NEVER_FAILS], NEVER_FAILS);
    const out = textOf(values, 'out');
    // Everything that can be wrong with the options is found before anybody is asked.
    if (out !== undefined) await checkOut(out);
    const weights = await readWeights(values);
    const before = await readBefore(values);
    if (textOf(values, 'customer') !== undefined && format === 'table')
      throw new AppError('input.usage', '--customer writes a report: choose --format html, md, json or sarif.');
    const azure = await openAzure(values, terminal);
    try {
      terminal.status('Reading the estate');
      const estate = await azure.estate.load({ signal: terminal.signal });
      const scope = readScope(values, undefined, estate);
      const customer = findCustomer(textOf(values, 'customer'), estate.customers);
      const assessment = await openAssessments(azure).assess({
        scope,
        signal: terminal.signal,
        ...(weights ? { weights } : {}),
        progress: ({ done, total, what }) => {
          if (terminal.errorIsScreen) terminal.status(safeText(`Assessing: ${done} of ${total} questions, ${what}`));
        },
      });
      terminal.status('');
      const difference = before && compareAssessments(before, assessment);
      await writeReport({ terminal, out, format, assessment, customer, difference, estate });
      say(terminal, assessment, difference);
      return exitCode(assessment, worst, customer);
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
  if (format === 'table' && out === undefined) {
    await printTable(terminal, 'table', COLUMNS, assessmentRows(assessment));
    return;
  }
  const text = await exportAssessment(assessment, estate, {
    format: format === 'table' ? 'md' : format,
    version: VERSION,
    ...(customer === undefined ? {} : { customer }),
    ...(difference ? { difference } : {}),
  });
  await writeOut(out, terminal, (put) => put(text));
}

function say(terminal: Terminal, assessment: Assessment, difference: AssessmentDifference | undefined): void {
  const { customers, cancelled } = assessment;
  if (cancelled) terminal.say('Cancelled: what was not measured by then is unknown.');
  for (const { name, sentence } of customers.filter(({ assessed }) => !assessed))
    terminal.say(safeText(`${name}: ${sentence}`));
  const blind = customers.filter(
    ({ assessed, checks }) => assessed && checks.some(({ unknown }) => unknown.length > 0),
  );
  if (blind.length > 0)
    terminal.say(`Of ${blind.length} customers some checks could not look everywhere: unknown there, not fine.`);
  if (difference) terminal.say(safeText(differenceText(difference, assessment)));
}

function exitCode(
  assessment: Assessment,
  worst: Severity | typeof NEVER_FAILS,
  customer: CustomerKey | undefined,
): number {
  const asked = assessment.customers.filter(({ key }) => customer === undefined || key === customer);
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
  if (!before)
    throw new AppError(
      'input.file',
      `--against: ${path} is no assessment of this version: write one with --format json.`,
    );
  return before;
}

function findCustomer(
  name: string | undefined,
  customers: readonly { readonly key: CustomerKey; readonly name: string }[],
): CustomerKey | undefined {
  if (name === undefined) return undefined;
  const wanted = name.trim().toLowerCase();
  const found = customers.filter((one) => one.key.toLowerCase() === wanted || one.name.toLowerCase() === wanted);
  if (found.length !== 1)
    throw new AppError(
      'input.usage',
      `--customer: ${found.length === 0 ? 'no customer is' : 'several customers are'} called "${name}".`,
    );
  return found[0]!.key;
}
