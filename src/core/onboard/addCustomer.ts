import { AppError } from '../../base/errors.ts';
import type { ComingAnswers, ManagedOffer } from '../../model/onboarding.ts';
import { appendToList, setValue } from '../customers/placedJsonEdit.ts';
import { makeName } from './names.ts';
import { readCustomersToCome } from './readCustomers.ts';

/** A file of customers to come with one more in it, and the key that customer has there. */
export interface AddedCustomer {
  readonly text: string;
  readonly key: string;
}

/**
 * Writes what a person answered as an entry into the text of a file of customers to come; `text` absent begins a file.
 * What the file's defaults say is not said again. Rejects with `input.onboarding` where the file has mistakes already,
 * or where the entry would be one.
 */
export function addCustomer(text: string | undefined, answers: ComingAnswers): AddedCustomer {
  const before = text === undefined || text.trim() === '' ? '{\n  "customers": []\n}\n' : text;
  const file = readCustomersToCome(before);
  const [problem] = file.problems;
  if (problem)
    throw new AppError(
      'input.onboarding',
      `customers-to-come.json has a mistake in line ${problem.line}: ${problem.message} Mend it first; nothing was written.`,
    );
  const offered = answers.offer && !file.offer ? setValue(before, ['offer'], offerEntry(answers.offer)) : before;
  const after = appendToList(offered, ['customers'], entryOf(answers, file));
  const read = readCustomersToCome(after);
  const [wrong] = read.problems;
  if (wrong) throw new AppError('input.onboarding', `${wrong.message} Nothing was written.`);
  return { text: after, key: answers.key };
}

function entryOf(
  answers: ComingAnswers,
  { defaults, patterns }: Pick<ReturnType<typeof readCustomersToCome>, 'defaults' | 'patterns'>,
): object {
  const { key, name, tenant, subscription, access, architecture, region, retentionDays, dailyCapGb } = answers;
  const parts = { customer: key, region, tenant: tenant.slice(0, 8) };
  const ownName = (what: 'workspace' | 'resourceGroup'): object => {
    const made = makeName(what, patterns[what], parts);
    return made.ok && made.name === answers[what] ? {} : { [what]: answers[what] };
  };
  const unlessDefault = (values: Readonly<Record<string, unknown>>): object =>
    Object.fromEntries(
      Object.entries(values).filter(
        ([field, value]) =>
          value !== undefined &&
          JSON.stringify(value) !== JSON.stringify((defaults as Readonly<Record<string, unknown>>)[field]),
      ),
    );
  return {
    name,
    key,
    tenant,
    subscription,
    ...unlessDefault({
      access,
      architecture,
      region,
      retentionDays,
      dailyCapGb,
      centralWorkspace: architecture === 'central' ? answers.centralWorkspace : undefined,
      application: access === 'servicePrincipal' ? answers.application : undefined,
      guests: access === 'guest' ? answers.guests : undefined,
    }),
    ...(architecture === 'central' ? {} : { ...ownName('resourceGroup'), ...ownName('workspace') }),
  };
}

function offerEntry({ name, description, managedBy, authorizations }: ManagedOffer): object {
  return {
    name,
    ...(description === name ? {} : { description }),
    managedBy,
    authorizations: authorizations.map(({ principalId, name: called, role }) => ({
      principalId,
      name: called,
      role: role.name,
    })),
  };
}
