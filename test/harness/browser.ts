import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { ensureBrowser } from '../../scripts/tools.mjs';

/** Switches that keep Chromium quiet on a closed network; none of them changes how a page is drawn. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser(extra: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: ensureBrowser(), args: [...QUIET, ...extra] });
}
