import { AppError } from '../../base/errors.ts';
import type { CentreWriter } from '../../core/centre/roleAssignmentHandler.ts';
import { isGuid } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import { placesOf } from '../centres/centresOption.ts';
import { choiceOf, textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure, openRollups } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { exportPlans, formatOf } from '../planExports.ts';
import { chooseRollup, readRollups } from '../rollupFiles.ts';
import { planAndDo } from './workspaceAction.ts';

/**
 * `rollup prepare`: makes what a roll-up is stored with in its centres of Log Analytics - tables, rule, role and
 * function - after the plan was shown. Other centres need nothing of the kind. The exit code.
 */
export async function prepareCentres(name: string, values: Values, terminal: Terminal): Promise<number> {
  const { definition } = chooseRollup((await readRollups(values, terminal)).found, name);
  const writer = writerOf(values);
  const { centres } = await placesOf(values, terminal, definition.sinks);
  const azure = await openAzure(values, terminal);
  const { rollups, close } = await openRollups(values, terminal, definition.sinks, () => Promise.resolve(azure));
  try {
    const table = await rollups.table(definition, terminal.signal);
    let code: number = EXIT.complete;
    const exported: Plan[] = [];
    for (const centre of centres) {
      if (!definition.sinks.includes(centre.name)) continue;
      if (centre.kind !== 'logAnalytics') {
        terminal.say(safeText(`${centre.name} needs no preparation: the first run makes what is missing.`));
        continue;
      }
      const plan = await azure.centres.plan(
        table,
        centre,
        writer === 'me' ? await azure.centres.signedIn(centre) : writer,
      );
      if (formatOf(values) !== undefined) {
        exported.push(plan);
        continue;
      }
      const sentence = `${centre.name} is ready for ${definition.name}. A role may take half an hour until it counts, a new table a quarter of one.`;
      const did = await planAndDo(azure, plan, sentence, { action: 'prepare', name, values, terminal });
      if (did !== EXIT.complete) code = did;
    }
    if (exported.length > 0) await exportPlans(exported, values, terminal);
    return code;
  } finally {
    await close();
  }
}

/** Whoever is signed in for `me`. */
function writerOf(values: Values): CentreWriter | 'me' | undefined {
  const principalId = textOf(values, 'writer');
  const principalType = choiceOf(values, 'writer-type', ['ServicePrincipal', 'User', 'Group'], 'ServicePrincipal');
  if (principalId === undefined || principalId === 'me') return principalId;
  if (isGuid(principalId)) return { principalId, name: principalId, principalType };
  throw new AppError(
    'input.usage',
    `--writer is "me", or the object ID (a guid) of who runs the roll-up, not "${principalId.slice(0, 40)}".`,
  );
}
