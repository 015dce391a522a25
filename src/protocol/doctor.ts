import type { Diagnosis } from '../model/diagnosis.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** What works between here and Azure. */
export type DoctorContract = {
  requests: {
    /** With names, for the person; `withoutNames` is what they hand on. */
    'doctor.diagnose': { input: null; output: Diagnosis };
  };
  events: Record<never, never>;
};

/** How long each request may take: every tenant is asked once. */
export const DOCTOR_DEADLINES: Deadlines<DoctorContract> = { 'doctor.diagnose': 10 * MINUTE };
