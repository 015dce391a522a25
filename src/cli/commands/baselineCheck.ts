import { AppError } from '../../base/errors.ts';
import type { Services } from '../../app/services.ts';
import type { CheckedBaseline } from '../../core/baseline/checkBaseline.ts';
import { layersOfNobody } from '../../core/baseline/layers.ts';
import { planSheet } from '../../core/changes/planSheet.ts';
import type { Plan } from '../../model/plan.ts';
import type { DriftReport } from '../../model/drift.ts';
import type { Column } from '../../model/kqlType.ts';
import { driftSarif } from '../../report/driftSarif.ts';
import { driftSentence } from '../../report/driftSentence.ts';
import { soundBaseline } from '../baselineFile.ts';
import { choiceOf, textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { checkOut, writeOut } from '../output/outFile.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { readScope } from '../scopeOption.ts';
import { VERSION } from '../version.ts';
import { DRIFT_COLUMNS, driftTable } from './baselineTable.ts';

const FAIL_ON = ['high', 'any', 'never'] as const;

/** `baseline check`. */
export async function checkOfBaseline(values: Values, terminal: Terminal): Promise<number> {
  const worst = choiceOf(values, 'fail-on', FAIL_ON, 'never');
  const [json, sarif, out] = [values['json'] === true, values['sarif'] === true, textOf(values, 'out')];
  if (json && sarif) throw new AppError('input.usage', '--json and --sarif are two forms of one answer: choose one.');
  if (out !== undefined && !json && !sarif) throw new AppError('input.usage', '--out needs --json or --sarif.');
  if (sarif && values['plan'] === true) throw new AppError('input.usage', 'SARIF has no place for plans.');
  if (values['export'] !== undefined)
    throw new AppError('input.usage', '--export is for "baseline fix", which makes the plans.');
  if (out !== undefined) await checkOut(out);
  return withBaseline(values, terminal, async (azure, checked) => {
    const { report } = checked;
    const plans = values['plan'] === true ? await plansOf(azure, checked, terminal) : undefined;
    if (sarif) await writeOut(out, terminal, (put) => put(`${toJson(driftSarif(report, VERSION))}\n`));
    else if (json)
      await writeOut(out, terminal, (put) => put(`${toJson({ ...report, ...(plans ? { plans } : {}) })}\n`));
    else {
      const { rows, notes } = driftTable(report);
      if (rows.length > 0) await printTable(terminal, 'table', COLUMNS, rows, { unseenWidth: UNSEEN_WIDTH });
      for (const note of notes) await terminal.write(`${safeText(note)}\n`);
      for (const plan of plans ?? []) await terminal.write(`\n${planSheet(plan)}`);
    }
    terminal.say(safeText(driftSentence(report)));
    return exitCode(report, worst);
  });
}

/** Reads the file, checks the scope against it and hands over what came of it; services are closed afterwards. */
export async function withBaseline(
  values: Values,
  terminal: Terminal,
  act: (azure: Services, checked: CheckedBaseline) => Promise<number>,
  { untimed = false } = {},
): Promise<number> {
  // Everything that can be wrong with file and options is found before anybody is asked.
  const { path, baseline } = await soundBaseline(values, terminal);
  readScope(values, undefined);
  const azure = await openAzure(values, terminal);
  try {
    terminal.status('Reading the estate');
    const estate = await azure.estate.load({ signal: terminal.signal });
    for (const { line, message } of layersOfNobody(baseline, estate.customers))
      terminal.say(safeText(`${path}:${line}: ${message}`));
    const scope = readScope(values, undefined, estate);
    const checked = await azure.baseline.check(
      { file: baseline, scope, untimed },
      terminal.signal,
      (what, done, total) => {
        const text = total > 0 ? `${what}: ${done} of ${total}` : what;
        if (terminal.errorIsScreen) terminal.status(text);
        else if (values['progress'] === true) terminal.say(text);
      },
    );
    terminal.status('');
    return await act(azure, checked);
  } finally {
    azure.dispose();
  }
}

/** The plans that would put right what differs; one that cannot be made is told, and costs only itself. */
async function plansOf(azure: Services, checked: CheckedBaseline, terminal: Terminal): Promise<readonly Plan[]> {
  const plans: Plan[] = [];
  for (const draft of await azure.baseline.drafts(checked, terminal.signal))
    try {
      plans.push(await azure.baseline.plan(draft, terminal.signal));
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.family === 'bug') throw thrown;
      terminal.say(safeText(`${draft.title}: ${thrown.message}`));
    }
  return plans;
}

/** Of lines that go to no screen: one a setting, cut where it is longer; JSON and SARIF have all of it. */
const UNSEEN_WIDTH = 160;

const COLUMNS: readonly Column[] = DRIFT_COLUMNS.map((name) => ({ name, type: 'string' }));

function exitCode({ drift, unknown, cancelled }: DriftReport, worst: (typeof FAIL_ON)[number]): number {
  if (cancelled) return EXIT.cancelled;
  const bad = worst === 'any' ? drift : worst === 'high' ? drift.filter(({ severity }) => severity === 'high') : [];
  if (bad.length > 0) return EXIT.findings;
  return unknown.length > 0 ? EXIT.partial : EXIT.complete;
}
