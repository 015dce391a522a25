import type { Declared } from '../../model/assessment/declared.ts';
import {
  LEAST_DAILY_CAP_GB,
  RETENTION_DAYS,
  validateDailyCap,
  validateName,
  validateResourceGroupName,
  validateRetention,
  validateTags,
} from './rules.ts';
import { parseTags } from './tagText.ts';

/** What is said of a field while somebody types: `wrong` will not do, `careful` will, with a word; `right` says why. */
export interface FieldWord {
  readonly kind: 'wrong' | 'careful' | 'right';
  readonly text: string;
}

const wrong = (text: string): FieldWord => ({ kind: 'wrong', text });
const careful = (text: string): FieldWord => ({ kind: 'careful', text });
const right = (text: string): FieldWord => ({ kind: 'right', text });

/** Of a workspace's name; whether it is free only the service knows. */
export function nameWord(name: string): FieldWord {
  const refused = validateName(name);
  return refused === undefined
    ? right(`${name.length} of 63 characters. Asking whether it is free ...`)
    : wrong(refused);
}

/** Of a resource group's name. */
export function groupWord(name: string): FieldWord {
  const refused = validateResourceGroupName(name);
  if (refused !== undefined) return wrong(refused);
  return right(`${name.length} of 90 characters. One that is there already is used as it is.`);
}

/** What judges a retention beside the number: the tier, what was promised, and what there is now. */
export interface RetentionContext {
  readonly sku?: string;
  readonly declared?: Declared | undefined;
  readonly customer?: string;
  /** Days that a workspace keeps its logs now. */
  readonly now?: number;
}

const DAYS_OF: Readonly<Record<string, number>> = { d: 1, day: 1, days: 1, y: 365, year: 365, years: 365 };

/** `400`, `400 days`, `2 years`: days; undefined for anything else. */
export function readDays(text: string): number | undefined {
  const match = /^(\d{1,6}) ?([a-z]*)$/i.exec(text.trim());
  const unit = match?.[2] ? DAYS_OF[match[2].toLowerCase()] : 1;
  return match && unit !== undefined ? Number(match[1]) * unit : undefined;
}

/** Of so many days of retention. */
export function retentionWord(days: number | undefined, context: RetentionContext = {}): FieldWord {
  const { declared, customer = 'The customer', now } = context;
  if (days === undefined)
    return wrong(`Write a number of days from ${RETENTION_DAYS.least} to ${RETENTION_DAYS.most}, such as 400.`);
  const refused = validateRetention(days, context.sku);
  if (refused !== undefined) return wrong(refused);
  const promised = declared?.retentionDays;
  if (promised !== undefined && days < promised)
    return careful(`Fewer than the ${promised} days declared for ${customer}${reach(promised)}.`);
  if (now !== undefined && days < now)
    return careful(`Fewer than now: older logs are removed, 30 days after the change.`);
  const cost =
    days <= 31 ? 'Included in the price of ingestion.' : 'Beyond 31 days (90 with Sentinel) paid by GB a month.';
  return right(promised === undefined ? cost : `Not fewer than the ${promised} days declared. ${cost}`);
}

function reach(promised: number): string {
  return promised > RETENTION_DAYS.most ? ': beyond 730 it is the total retention of tables' : '';
}

/** A daily cap as typed, in GB; NaN for what is no number, undefined for none. */
export function readGb(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return /^\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** Of a daily cap as typed. */
export function capWord(text: string): FieldWord {
  const gb = readGb(text);
  if (gb === undefined) return right('Empty: no cap, everything that comes in is kept and paid for.');
  if (/^\d+,\d+$/.test(text.trim())) return wrong('Write the decimal point as a full stop, such as 0.5.');
  const refused = validateDailyCap(gb);
  if (refused !== undefined) return wrong(refused);
  if (gb < LEAST_DAILY_CAP_GB)
    return careful(`Less than ${LEAST_DAILY_CAP_GB} GB, which other tools refuse; the service may, too.`);
  return careful(`After ${gb} GB further logs of that day are lost - security logs too.`);
}

/** Of tags as typed. */
export function tagsWord(text: string): FieldWord {
  const parsed = parseTags(text);
  if (!parsed.ok) return wrong(parsed.message);
  const refused = validateTags(parsed.tags);
  if (refused !== undefined) return wrong(refused);
  const entries = Object.entries(parsed.tags);
  if (entries.length === 0) return right('Empty: no tags.');
  const list = entries.map(([name, value]) => (value === '' ? `${name} without a value` : `${name} is ${value}`));
  return right(`${entries.length} of 50 tags: ${list.join(', ')}.`);
}
