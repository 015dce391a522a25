import { QuickPickItemKind, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { toAppError } from '../../base/errors.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import { timeRangeLabel } from '../../model/timeRangeText.ts';
import { TIME_RANGES, parseDuration, parseTime } from './timeRanges.ts';

type Item = QuickPickItem & { readonly range?: TimeRange; readonly ask?: 'duration' | 'between' };

/** Asks for a time range; undefined when dismissed. */
export async function pickTimeRange(current: TimeRange): Promise<TimeRange | undefined> {
  const choice = (range: TimeRange): Item => ({
    label: timeRangeLabel(range),
    range,
    ...(timeRangeLabel(range) === timeRangeLabel(current) ? { description: 'now' } : {}),
  });
  const items: Item[] = [
    ...TIME_RANGES.map((minutes) => choice({ kind: 'last', minutes })),
    { label: '', kind: QuickPickItemKind.Separator },
    { label: 'Last...', ask: 'duration' },
    { label: 'Between two times...', ask: 'between' },
    { ...choice({ kind: 'inQuery' }), detail: 'No time is sent; the query says it, or asks for everything' },
  ];
  const item = await window.showQuickPick(items, { title: 'Time Range', placeHolder: timeRangeLabel(current) });
  if (item?.range) return item.range;
  if (item?.ask === 'duration') {
    const text = await ask('How far back? For example 90m, 36h, 10d, 2w', parseDuration);
    return text === undefined ? undefined : { kind: 'last', minutes: parseDuration(text) };
  }
  if (item?.ask !== 'between') return undefined;
  const from = await ask('From (UTC), for example 2026-01-31 14:00', parseTime);
  if (from === undefined) return undefined;
  const to = await ask('To (UTC)', (value) => {
    if (parseTime(value) <= parseTime(from)) throw new Error(`The end must be after ${from}.`);
  });
  return to === undefined ? undefined : { kind: 'between', from: parseTime(from), to: parseTime(to) };
}

async function ask(prompt: string, parse: (text: string) => unknown): Promise<string | undefined> {
  return window.showInputBox({
    title: 'Time Range',
    prompt,
    ignoreFocusOut: true,
    validateInput: (text) => {
      try {
        parse(text);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : toAppError(error).message;
      }
    },
  });
}
