import type { Plan } from '../../model/plan.ts';

/** Lays a plan open to be read and carried out from its document; `news` is said when it was carried out. */
export type LayPlan = (plan: Plan, news: string) => Promise<void>;
