import type { WorkerContract } from '../protocol/worker.ts';

const MINUTE = 60_000;

/**
 * How long each request may take before the asker gives up on it, in milliseconds. What runs as long as the service
 * does has no deadline.
 */
const DEADLINES: { readonly [K in keyof WorkerContract['requests']]?: number } = {
  'estate.load': 10 * MINUTE,
  'estate.lastData': 10 * MINUTE,
  'schema.forScope': 10 * MINUTE,
  'runs.start': 10 * MINUTE,
  'runs.rows': 2 * MINUTE,
  'runs.statistics': 2 * MINUTE,
  'runs.chart': 2 * MINUTE,
  'runs.export': Infinity,
  'provision.apply': Infinity,
  'provision.change': Infinity,
  'provision.delete': Infinity,
};

export function deadlineOf(name: keyof WorkerContract['requests']): number {
  return DEADLINES[name] ?? MINUTE;
}
