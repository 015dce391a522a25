import { AppError } from '../../../base/errors.ts';
import type { BaselinePort, LockState } from '../../../ports/baseline.ts';
import { lighthouseLimit } from '../../access/lighthouseLimits.ts';
import { asTemplateTexts } from '../../changes/asTemplateTexts.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';
import { templateText } from '../../changes/export.ts';

/** A lock that is to be there, or to be gone. */
export interface WantedLock {
  /** ARM id of what it locks. */
  readonly scope: string;
  /** What it locks, for people: `workspace law-contoso`. */
  readonly scopeName: string;
  readonly name: string;
  /** Absent for one that is to be gone. */
  readonly lock?: Pick<LockState, 'level' | 'notes'>;
  /** The scope is reached by Azure Lighthouse alone. */
  readonly delegated?: boolean;
}

const API_VERSION = '2020-05-01';

type LockPort = Pick<BaselinePort, 'lock' | 'putLock' | 'deleteLock'>;

/** Management locks. Who reaches a customer by Azure Lighthouse can read them and change none. */
export function lockHandler(port: LockPort): ChangeHandler<WantedLock, LockState> {
  return {
    resource: 'lock',
    noun: 'lock',
    read: ({ target }, { issuer, signal }) => port.lock(issuer, target, signal),
    diff: ({ wanted: { name, scopeName, lock, delegated } }, now): Effect => {
      const common = { detail: `On ${scopeName}`, differences: [] };
      if (!lock && !now) return { ...common, action: 'none', title: `Lock ${name} is not there` };
      if (lock && now?.level === lock.level)
        return { ...common, action: 'none', title: `Lock ${now.name} is there already` };
      const limit = lighthouseLimit({ action: 'changeLock', path: delegated ? 'lighthouse' : 'home' });
      if (!limit.allowed)
        throw new AppError(
          'access.delegatedLock',
          `${limit.reason} ${lock ? `Lock ${scopeName} with ${lock.level} as` : `Remove lock ${name} of ${scopeName} as`} ${limit.runBy}.`,
        );
      if (!lock) return { ...common, action: 'delete', title: `Remove lock ${name}`, basis: JSON.stringify(now) };
      const words = {
        ...common,
        detail: `On ${scopeName}: ${WORDS[lock.level]}`,
        warnings: warningsOf(lock, scopeName),
      };
      return now
        ? {
            ...words,
            action: 'update',
            title: `Change lock ${now.name}`,
            differences: [{ name: 'Level', before: now.level, after: lock.level }],
            basis: JSON.stringify(now),
          }
        : {
            ...words,
            action: 'create',
            title: `Lock ${scopeName}`,
            differences: [{ name: 'Level', after: lock.level }],
          };
    },
    apply: async ({ target, wanted }, action, { issuer, signal }) => {
      if (action === 'delete') await port.deleteLock(issuer, target, signal);
      else await port.putLock(issuer, target, wanted.lock!, signal);
    },
    verify: ({ wanted: { name, lock } }, now) => {
      if (!lock) return now ? { state: 'pending', what: `lock ${name} is still there` } : { state: 'verified' };
      if (!now) return { state: 'pending', what: `lock ${name} is not shown yet` };
      return now.level === lock.level
        ? { state: 'verified' }
        : { state: 'different', message: `Lock ${name} came out as ${now.level}.` };
    },
    describe: ({ wanted }, now) => now && `lock ${now.name} on ${wanted.scopeName}`,
    requests: ({ target }, action) =>
      action === 'delete' ? [{ method: 'DELETE', path: target, apiVersion: API_VERSION }] : [],
    commands: ({ target, wanted: { lock } }, action) => [
      [
        ...[
          'rest',
          '--method',
          action === 'delete' ? 'delete' : 'put',
          '--url',
          `${target}?api-version=${API_VERSION}`,
        ],
        ...(lock && action !== 'delete' ? ['--body', JSON.stringify({ properties: bodyOf(lock) })] : []),
      ],
    ],
    templateResources: ({ wanted: { scope, name, lock } }, action) =>
      lock && action !== 'delete'
        ? [
            {
              type: 'Microsoft.Authorization/locks',
              apiVersion: API_VERSION,
              name: templateText(name),
              ...(isResource(scope) ? { scope } : {}),
              properties: asTemplateTexts(bodyOf(lock)),
            },
          ]
        : [],
  };
}

const WORDS: Readonly<Record<LockState['level'], string>> = {
  CanNotDelete: 'nobody can delete it or what is in it',
  ReadOnly: 'nobody can change or delete it or what is in it',
};

function bodyOf({ level, notes }: Pick<LockState, 'level' | 'notes'>): object {
  return { level, ...(notes === undefined ? {} : { notes }) };
}

function isResource(scope: string): boolean {
  return /\/providers\//i.test(scope);
}

/** What a ReadOnly lock stops beside deletions is not what one expects of it. */
function warningsOf({ level }: Pick<LockState, 'level'>, scopeName: string): readonly string[] {
  return level === 'ReadOnly'
    ? [
        `A ReadOnly lock on ${scopeName} refuses every later change too: retention, tables, functions, and reading keys.`,
      ]
    : [];
}
