import type { Handlers } from '../base/rpc.ts';
import type { Doctor } from '../core/doctor/doctor.ts';
import type { DoctorContract } from '../protocol/doctor.ts';

/** What works between here and Azure. */
export function doctorHandlers(live: () => { readonly doctor: Doctor }): Handlers<DoctorContract> {
  return { 'doctor.diagnose': (_input, signal) => live().doctor.diagnose(signal) };
}
