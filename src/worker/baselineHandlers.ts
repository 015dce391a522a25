import type { Handlers } from '../base/rpc.ts';
import { AppError } from '../base/errors.ts';
import type { BaselineService } from '../core/baseline/baselineService.ts';
import { namesAt } from '../core/baseline/namesAt.ts';
import { parseBaseline } from '../core/baseline/parseBaseline.ts';
import { driftLines } from '../core/baseline/placesInFile.ts';
import { baselineRemarks } from '../core/baseline/remarks.ts';
import { soundBaseline } from '../core/baseline/soundBaseline.ts';
import type { CustomersSource } from '../core/customers/customersSource.ts';
import { AZURE_TABLES } from '../kql/across/azureTableNames.ts';
import { differenceText, settingText } from '../model/driftTexts.ts';
import type { Customer, Estate } from '../model/estate.ts';
import { toCustomerKey } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { BaselineContract } from '../protocol/baseline.ts';
import { driftMarkdown } from '../report/driftMarkdown.ts';
import { driftSentence } from '../report/driftSentence.ts';

/** What baselines need of a session. */
interface BaselineSession {
  readonly baseline: BaselineService;
  readonly estate: { readonly current: Estate | undefined };
  customersSource(): CustomersSource;
}

type Progress = BaselineContract['events']['baseline.progress'];

/** What was agreed with customers; plans stay here and are carried out by id. */
export function baselineHandlers(
  live: () => BaselineSession,
  tell: (progress: Progress) => void,
): Handlers<BaselineContract> {
  const hear = (what: string, done: number, total: number): void => {
    tell({ what, done, total });
  };
  return {
    'baseline.look': async ({ text }) => {
      const { baseline, problems } = parseBaseline(text, '');
      const remarks = baselineRemarks(text, baseline, {
        customers: await customers(live()),
        workspaces: live().estate.current?.workspaces ?? [],
        isTable: (name) => AZURE_TABLES.has(name),
      });
      return [
        ...problems.map(({ line, message }) => ({ line, message, weight: 'wrong' as const })),
        ...remarks.map((remark) => ({ ...remark, weight: 'doubtful' as const })),
      ];
    },
    'baseline.complete': async ({ text, offset }) => {
      const all = await customers(live());
      const found = namesAt(text, offset, parseBaseline(text, '').baseline, {
        customers: all.map(({ name }) => name).sort(),
        groups: [...new Set(all.flatMap(({ groups }) => groups))].sort(),
        tables: [...AZURE_TABLES],
      });
      return found ?? null;
    },
    'baseline.check': async ({ file, scope }, signal) => {
      const { report } = await live().baseline.check({ file: soundBaseline(file), scope }, signal, hear);
      const lines = driftLines(file.text, report);
      return {
        markdown: driftMarkdown(report),
        sentence: driftSentence(report),
        drift: report.drift.map((one, at) => ({
          line: lines[at]!,
          message: `${one.customerName}, ${one.where}, ${settingText(one)}: ${differenceText(one)}`,
          isLow: one.severity === 'low',
        })),
      };
    },
    'baseline.plans': async ({ file, scope }, signal) => {
      const { baseline } = live();
      const checked = await baseline.check({ file: soundBaseline(file), scope, untimed: true }, signal, hear);
      const plans: { customer: string; plan: Plan }[] = [];
      const { drift, unknown } = checked.report;
      const left = [
        ...drift.flatMap(({ customerName, where, blocked, ...one }) =>
          blocked === undefined ? [] : [`${customerName}, ${where}, ${settingText(one)}: ${blocked}`],
        ),
        ...unknown.map(({ customerName, where, error }) => `${customerName}, ${where}: ${error.message}`),
      ];
      for (const draft of await baseline.drafts(checked, signal))
        try {
          plans.push({ customer: draft.about?.[0]?.name ?? '', plan: await baseline.plan(draft, signal) });
        } catch (thrown) {
          if (!(thrown instanceof AppError) || thrown.family === 'bug' || thrown.family === 'cancelled') throw thrown;
          left.push(`${draft.title}: ${thrown.message}`);
        }
      return { plans, left };
    },
  };
}

/** Those of the estate; as their files declare them, where nobody has looked at it yet. */
async function customers(session: BaselineSession): Promise<readonly Pick<Customer, 'key' | 'name' | 'groups'>[]> {
  if (session.estate.current) return session.estate.current.customers;
  const declared = await session.customersSource().load();
  return declared.customers.map(({ key, name, groups }) => ({ key: toCustomerKey(key), name, groups }));
}
