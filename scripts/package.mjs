// `npm run package`: builds and packages the extension for this platform.
import { ensureBuild, ensurePackages, ROOT } from './tools.mjs';
import { packageVsix } from './workbench.mjs';

ensurePackages();
ensureBuild();
process.stdout.write(`${packageVsix(ROOT)}\n`);
