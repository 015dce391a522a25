import type { Handlers } from '../base/rpc.ts';
import type { WorkerContract } from '../protocol/worker.ts';
import { accessHandlers } from './accessHandlers.ts';
import { agentHandlers } from './agentHandlers.ts';
import { alertHandlers } from './alertHandlers.ts';
import { assessHandlers } from './assessHandlers.ts';
import { baselineHandlers } from './baselineHandlers.ts';
import { centreHandlers } from './centreHandlers.ts';
import type { CurrentSession } from './currentSession.ts';
import { doctorHandlers } from './doctorHandlers.ts';
import { estateHandlers } from './estateHandlers.ts';
import { onboardingHandlers } from './onboardingHandlers.ts';
import { provisionHandlers } from './provisionHandlers.ts';
import { reportHandlers } from './reportHandlers.ts';
import { savedQueryHandlers } from './savedQueryHandlers.ts';
import { rollupHandlers } from './rollupHandlers.ts';
import { runHandlers } from './runHandlers.ts';
import { schemaHandlers } from './schemaHandlers.ts';
import type { HostChannel } from './tokens.ts';

/** The worker's side of the contract, put together from its features; one that misses a request does not compile. */
export function workerHandlers(current: CurrentSession, channel: () => HostChannel): Handlers<WorkerContract> {
  return {
    configure: (settings) => current.configure(settings),
    ...estateHandlers(current),
    ...schemaHandlers(current),
    ...runHandlers(current, (progress) => {
      channel().emit('run.exporting', progress);
    }),
    ...agentHandlers(() => current.live),
    ...savedQueryHandlers(() => current.live),
    ...alertHandlers(() => current.live),
    ...rollupHandlers(
      () => current.live,
      (progress) => {
        channel().emit('rollups.progress', progress);
      },
    ),
    ...centreHandlers(() => current.live),
    ...doctorHandlers(() => current.live),
    ...accessHandlers(() => current.live),
    ...assessHandlers(
      () => current.live,
      (progress) => {
        channel().emit('assess.progress', progress);
      },
    ),
    ...baselineHandlers(
      () => current.live,
      (progress) => {
        channel().emit('baseline.progress', progress);
      },
    ),
    ...reportHandlers(
      () => current.live,
      (progress) => {
        channel().emit('reports.progress', progress);
      },
    ),
    ...provisionHandlers(
      () => current.live,
      (plan, progress) => {
        channel().emit('provision.progress', { plan, progress });
      },
    ),
    ...onboardingHandlers(() => current.live, {
      progress: (told) => {
        channel().emit('onboarding.progress', told);
      },
      agreed: (told) => {
        channel().emit('onboarding.agreed', told);
      },
    }),
  };
}
