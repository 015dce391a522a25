import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import { baselineOf } from '../../core/baseline/layers.ts';
import type { KnownAround } from '../../core/baseline/remarks.ts';
import { toCustomerKey } from '../../model/ids.ts';
import { problemText, readBaselineFile } from '../baselineFile.ts';
import type { Command, Values } from '../command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS, readConnection } from '../connection.ts';
import { PLAN_EXPORT_OPTIONS } from '../planExports.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { checkOfBaseline } from './baselineCheck.ts';
import { fixBaseline } from './baselineFix.ts';

/** `tenantscope baseline`: what was agreed with customers, and what became of it. */
export const BASELINE: Command = {
  name: 'baseline',
  summary: 'what was agreed with each customer, what differs from it, and plans that put it right',
  options: {
    ...CONNECTION_OPTIONS,
    baseline: { type: 'string' },
    scope: { type: 'string' },
    json: { type: 'boolean' },
    sarif: { type: 'boolean' },
    out: { type: 'string' },
    'fail-on': { type: 'string' },
    plan: { type: 'boolean' },
    yes: { type: 'boolean' },
    progress: { type: 'boolean' },
    ...PLAN_EXPORT_OPTIONS,
  },
  positionals: ['ACTION'],
  actions: ['check', 'fix', 'validate'],
  help: `Usage: tenantscope baseline check [--scope SCOPE] [--json | --sarif] [--out FILE] [--fail-on high|any] [--plan]
       tenantscope baseline fix [--scope SCOPE] [--plan] [--yes] [--json] [--export FORMAT --out DIR]
       tenantscope baseline validate

A baseline is a file .tenantscope/baseline.json with layers, "provider", "architectures" (distributed, central, hybrid),
"groups" and "customers": settings of workspaces, plans and retention of tables, functions, saved queries, data
collection rules, diagnostic settings, alerts, what is delegated, and locks. A later layer wins, field by field; null
takes away what a lower one says. What no layer names is nobody's business.

"check" reads what there is and tells what differs, since when, and what could not be read; it changes nothing. "fix"
plans what puts it right, customer by customer, shows each plan, asks and carries it out. "validate" asks nobody: it
reads the file and the customers file, and says what is wrong (ends with 2) and what is doubtful (does not).

  --scope SCOPE          which customers, e.g. "group:gold except customer:contoso"; all where absent
  --baseline FILE        the file (default: the nearest .tenantscope/baseline.json of this repository)
  --json                 check: one JSON document on standard output; fix: one for each plan
  --sarif                SARIF 2.1.0, for pipelines
  --out FILE             check: write JSON or SARIF there instead of to standard output
  --export FORMAT        fix: writes each customer's plan into a folder of its own in --out DIR and does nothing: arm,
                         bicep, terraform, az, powershell
  --fail-on LEVEL        end with 10 where something differs: any, or only what is of severity high
  --plan                 check: also the plans that would put it right; fix: the plans alone, nothing is done
  --yes                  fix without asking
  --progress             progress as lines on standard error where it is no screen
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [action], terminal }) {
    switch (action) {
      case 'check':
        return checkOfBaseline(values, terminal);
      case 'fix':
        return fixBaseline(values, terminal);
      case 'validate':
        return validate(values, terminal);
      default:
        throw new AppError(
          'input.usage',
          `"${action!.slice(0, 40)}" is not something to do with a baseline: check, fix, validate.`,
        );
    }
  },
};

/** Who the customers file names, without asking anybody; nobody where there is none. */
async function customersInFile(values: Values): Promise<Pick<KnownAround, 'customers' | 'customersFile'>> {
  const { customers } = await readConnection(values, process.env);
  if (!customers) return { customers: [] };
  const { parseCustomers } = await import('../../core/customers/parseCustomers.ts');
  const named = parseCustomers(customers.text, customers.label).customers;
  return {
    customers: named.map(({ key, name, groups }) => ({ key: toCustomerKey(key), name, groups })),
    customersFile: customers.label,
  };
}

async function validate(values: Values, terminal: Terminal): Promise<number> {
  const { path, text, baseline, problems } = await readBaselineFile(values);
  for (const problem of problems) await terminal.write(`${safeText(problemText(problem))}\n`);
  const [{ baselineRemarks }, { AZURE_TABLES }] = await Promise.all([
    import('../../core/baseline/remarks.ts'),
    import('../../kql/across/azureTableNames.ts'),
  ]);
  const isTable = (name: string): boolean => AZURE_TABLES.has(name);
  const known = await customersInFile(values);
  const remarks = baselineRemarks(text, baseline, { ...known, workspaces: [], isTable });
  for (const remark of remarks) await terminal.write(`${safeText(problemText({ file: path, ...remark }))}\n`);
  const { groups } = baseline;
  const everybody = Object.keys(baselineOf(baseline, { key: '' as never, name: '', groups: [] }).baseline);
  terminal.say(
    safeText(
      `${path}: ${problems.length === 0 ? 'no mistakes' : `${problems.length} wrong`}${remarks.length === 0 ? '' : `, ${remarks.length} doubtful`}; for everybody ${everybody.join(', ') || 'nothing'}, ${counted(groups.length, 'group')}, ${counted(baseline.customers.length, 'customer')}.`,
    ),
  );
  return problems.length === 0 ? EXIT.complete : EXIT.usage;
}
