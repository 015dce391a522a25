// `npm run test:desktop`: the same host suites in a VS Code that @vscode/test-electron downloads, for machines that
// can.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { ensureBuild, ROOT, startProgram } from '../../scripts/tools.mjs';
import { bundleSuites } from './bundle.ts';

ensureBuild();
const home = mkdtempSync(join(tmpdir(), 'tenantscope-desktop-'));
const ready = join(home, 'cloud.json');
const emulator = await startProgram(join(ROOT, 'dist', 'emulator.cjs'), ['--ready', ready], { until: /ready/ });
try {
  const folder = join(home, 'folder');
  const user = join(home, 'profile', 'User');
  mkdirSync(join(folder, '.tenantscope'), { recursive: true });
  mkdirSync(user, { recursive: true });
  copyFileSync(
    (JSON.parse(readFileSync(ready, 'utf8')) as { customersFile: string }).customersFile,
    join(folder, '.tenantscope', 'customers.json'),
  );
  writeFileSync(join(folder, 'heartbeat.kql'), '// Machines\nHeartbeat\n| take 5\n');
  writeFileSync(
    join(user, 'settings.json'),
    JSON.stringify({
      'tenantscope.cloud.name': 'custom',
      'tenantscope.cloud.file': ready,
      'security.workspace.trust.enabled': false,
    }),
  );
  process.exitCode = await runTests({
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: await bundleSuites(),
    launchArgs: [folder, '--user-data-dir', join(home, 'profile'), '--disable-extensions'],
    extensionTestsEnv: {
      TENANTSCOPE_CLOUD: ready,
      TENANTSCOPE_HOST_REPORT: join(home, 'report.json'),
      TENANTSCOPE_HOST_SUITES: 'trusted',
    },
  });
} finally {
  emulator.child.kill();
}
