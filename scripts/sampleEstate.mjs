// The sample estate: the emulator, the folder a provider would keep in git, and the settings that point at both.
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, say, startProgram } from './tools.mjs';

/**
 * Starts the emulator of a built checkout and writes the folder below `home`, which is made anew. Resolves once the
 * emulator answers with its process, the cloud file, the folder, and the user settings of an editor that is to use
 * them.
 */
export async function startSampleEstate(home) {
  const cloudFile = join(home, 'cloud.json');
  const folder = join(home, 'northbridge');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(folder, '.tenantscope'), { recursive: true });
  say('starting the emulator with the sample estate ...');
  // An agent takes minutes until it sees that it is to follow a rule; who looks at the flow need not wait for that.
  const options = ['--ready', cloudFile, '--agent-delay', '0'];
  const { child } = await startProgram(join(ROOT, 'dist', 'emulator.cjs'), options, { until: /ready/ });
  const { customersFile } = JSON.parse(readFileSync(cloudFile, 'utf8'));
  copyFileSync(customersFile, join(folder, '.tenantscope', 'customers.json'));
  cpSync(join(ROOT, 'media', 'samples'), folder, { recursive: true });
  return {
    emulator: child,
    cloudFile,
    folder,
    settings: { 'tenantscope.cloud.name': 'custom', 'tenantscope.cloud.file': cloudFile },
  };
}
