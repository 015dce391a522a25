import { AppError } from '../../base/errors.ts';
import type { Services } from '../../app/services.ts';
import type { CentralQuestion } from '../../core/central/central.ts';
import { isGuid } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import { choiceOf, textOf, textsOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import type { Terminal } from '../output/terminal.ts';
import { findWorkspace } from '../scopeOption.ts';
import { centralSpan } from './centralCheck.ts';
import { planAndDo } from './workspaceAction.ts';

/** `central views`. */
export function planViews(values: Values, terminal: Terminal): Promise<number> {
  return carryOut(values, terminal, 'views', 'Done.', (azure, question) =>
    azure.central.planViews(question, terminal.signal),
  );
}

const TYPES = ['Group', 'User', 'ServicePrincipal'] as const;

/** `central access`. */
export function planAccess(values: Values, terminal: Terminal): Promise<number> {
  const principalId = required(values, 'principal', 'the object ID of who is to read');
  if (!isGuid(principalId))
    throw new AppError(
      'input.usage',
      '--principal is an object ID (a GUID): "az ad group show -g NAME --query id" tells that of a group.',
    );
  const reader = {
    principalId,
    name: textOf(values, 'principal-name') ?? principalId,
    principalType: choiceOf(values, 'principal-type', TYPES, 'Group'),
  };
  const whole = values['whole'] === true;
  if (whole && textsOf(values, 'table').length === 0)
    throw new AppError('input.usage', '--whole needs --table: a table that holds rows of this customer alone.');
  return carryOut(values, terminal, 'access', 'Done. It takes up to 15 minutes to work.', (azure, question) =>
    azure.central.planAccess({ ...question, reader, whole }, terminal.signal),
  );
}

async function carryOut(
  values: Values,
  terminal: Terminal,
  action: string,
  sentence: string,
  plan: (azure: Services, question: CentralQuestion) => Promise<Plan>,
): Promise<number> {
  const name = required(values, 'workspace', 'the workspace that is shared');
  const customer = required(values, 'customer', 'whose rows');
  const [tables, timespan] = [textsOf(values, 'table'), centralSpan(values)];
  const azure = await openAzure(values, terminal);
  try {
    const estate = await azure.estate.load({ signal: terminal.signal });
    const workspace = findWorkspace(name, estate);
    const made = await plan(azure, { workspace, customer, tables, timespan });
    return await planAndDo(azure, made, sentence, { action, name, values, terminal });
  } finally {
    azure.dispose();
  }
}

function required(values: Values, option: string, what: string): string {
  const text = textOf(values, option);
  if (text === undefined) throw new AppError('input.usage', `--${option} is missing: ${what}.`);
  return text;
}
