import { AppError } from '../../base/errors.ts';
import { containerAppsJob } from '../../core/runners/containerAppsJob.ts';
import { githubWorkflow } from '../../core/runners/githubActions.ts';
import type { RunnerSpec } from '../../core/runners/runnerSpec.ts';
import type { LogAnalyticsCentre } from '../../model/centre.ts';
import type { RollupDefinition } from '../../model/rollup.ts';
import { findCentres } from '../centres/centresOption.ts';
import { countOf, textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure, openRollups } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { checkOut, writeOut } from '../output/outFile.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { chooseRollup, readRollups } from '../rollupFiles.ts';
import { VERSION } from '../version.ts';
import { planAndDo } from './workspaceAction.ts';

/** Options of `rollup runner`. */
export const RUNNER_OPTIONS = {
  centre: { type: 'string' },
  out: { type: 'string' },
  runners: { type: 'string' },
  deploy: { type: 'boolean' },
} as const;

const KINDS = ['github', 'container-apps', 'logic-app'];

/**
 * `rollup runner KIND [NAME]`: what runs roll-ups without anybody's machine, as a file to deploy. A Logic App can be
 * made at once (`--deploy`), by its plan. The exit code.
 */
export async function makeRunner(
  kind: string,
  name: string | undefined,
  values: Values,
  terminal: Terminal,
): Promise<number> {
  if (!KINDS.includes(kind))
    throw new AppError('input.usage', `A runner is one of ${KINDS.join(', ')}, not "${kind.slice(0, 40)}".`);
  const out = textOf(values, 'out');
  if (out !== undefined) await checkOut(out);
  const { found } = await readRollups(values, terminal);
  if (kind === 'logic-app') {
    if (name === undefined) throw new AppError('input.usage', 'NAME is missing: a Logic App runs one roll-up.');
    return logicApp(chooseRollup(found, name).definition, values, terminal);
  }
  const { centres, state } = await findCentres(values, terminal);
  const centre = textOf(values, 'centre');
  const all = found
    .map(({ definition }) => definition)
    .filter(({ sinks }) => centre === undefined || sinks.some((sink) => sink.toLowerCase() === centre.toLowerCase()));
  const rollups = name === undefined ? all : [chooseRollup(found, name).definition];
  if (rollups.length === 0)
    throw new AppError(
      'input.usage',
      `There is no roll-up${centre === undefined ? '' : ` into "${centre.slice(0, 60)}"`}.`,
    );
  const spec: RunnerSpec = {
    rollups,
    centres: { centres, ...(state ? { state } : {}) },
    all: rollups.length === found.length,
    version: VERSION,
  };
  const text = kind === 'github' ? githubWorkflow(spec) : containerAppsJob(spec, countOf(values, 'runners') ?? 1);
  await writeOut(out, terminal, (put) => put(text));
  return EXIT.complete;
}

async function logicApp(definition: RollupDefinition, values: Values, terminal: Terminal): Promise<number> {
  const centre = await centreOf(definition, values, terminal);
  const azure = await openAzure(values, terminal);
  const { rollups, close } = await openRollups(values, terminal, definition.sinks, () => Promise.resolve(azure));
  try {
    const found = await azure.runners.logicApp(rollups, definition, centre, terminal.signal);
    if (values['deploy'] === true) {
      const action = { action: 'runner', name: definition.name, values, terminal };
      const plan = await azure.runners.plan(found, terminal.signal);
      const code = await planAndDo(azure, plan, 'The Logic App is there; now its identity is given its roles.', action);
      if (code !== EXIT.complete || values['plan'] === true) return code;
      const principal = await azure.runners.principalOf(found, terminal.signal);
      const roles = await azure.runners.planRoles(found, principal, terminal.signal);
      return await planAndDo(azure, roles, 'Its roles take up to half an hour until they count.', action);
    }
    const [{ logicAppTemplate }, { limitsOf }] = await Promise.all([
      import('../../core/runners/logicApp/logicApp.ts'),
      import('../../core/runners/logicApp/limits.ts'),
    ]);
    const text = logicAppTemplate(found.spec);
    await writeOut(textOf(values, 'out'), terminal, (put) => put(text));
    for (const limit of limitsOf(definition)) terminal.say(safeText(limit));
    return EXIT.complete;
  } finally {
    await close();
  }
}

async function centreOf(
  { name, sinks }: RollupDefinition,
  values: Values,
  terminal: Terminal,
): Promise<LogAnalyticsCentre> {
  const [sink, ...more] = sinks;
  const { centres } = await findCentres(values, terminal);
  const centre = centres.find((one) => one.name === sink);
  if (centre?.kind === 'logAnalytics' && more.length === 0) return centre;
  throw new AppError(
    'input.runner',
    `No Logic App can be made. ${name}: It is stored in ${sinks.join(' and ').slice(0, 100)}, and a Logic App writes to one centre, of Log Analytics.`,
  );
}
