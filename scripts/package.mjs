// `npm run package`: builds the extension and packages it.
//   npm run package                       for this platform
//   npm run package -- --target win32-x64 for that one; may be given more than once
//   npm run package -- --all              for all of them
import { parseArgs } from 'node:util';
import { hostTarget, platformOf, TARGETS } from './package/targets.mjs';
import { packageVsix } from './package/vsix.mjs';
import { ensureBuild, ensurePackages, say } from './tools.mjs';

try {
  const { values } = parseArgs({ options: { target: { type: 'string', multiple: true }, all: { type: 'boolean' } } });
  const targets = values.all ? TARGETS.map(({ target }) => target) : (values.target ?? [hostTarget()]);
  for (const target of targets) platformOf(target);
  ensurePackages();
  ensureBuild();
  for (const target of targets) process.stdout.write(`${packageVsix(target)}\n`);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
