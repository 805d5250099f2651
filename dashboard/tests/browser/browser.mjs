// A real browser for the walk: every complaint of a page is kept, and pictures are taken where SCREENSHOTS says.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PATIENCE = 15_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function openBrowser() {
  const executablePath = execFileSync('/bin/sh', ['-c', 'command -v chromium']).toString().trim();
  const start = () => chromium.launch({ executablePath, args: FLAGS, timeout: PATIENCE });
  const browser = await start().catch(start);
  const problems = [];
  let pictures = 0;

  // The walk itself goes offline for a moment.
  const isOffline = (text) => text.includes('ERR_INTERNET_DISCONNECTED');

  /** Somebody's browser, with a profile of its own. */
  async function person(options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    const complain = (text) => problems.push(`${page.url()}: ${text}`);
    page.on(
      'console',
      (message) => ['error', 'warning'].includes(message.type()) && !isOffline(message.text()) && complain(message.text()),
    );
    page.on('pageerror', (error) => complain(error.message));
    return page;
  }

  /** Lets axe look at the page as it is, and takes a picture. */
  async function look(page, name) {
    // Playwright evaluates outside of the page's policy; axe's own frames are not needed.
    await page.waitForFunction(() =>
      document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity),
    );
    // An open menu lies beside the landmarks, as everything that floats does here: `region` would call that wrong.
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      globalThis.axe.run(document, { resultTypes: ['violations'], iframes: false, rules: { region: { enabled: false } } }),
    );
    for (const { id, nodes } of violations) {
      for (const node of nodes)
        problems.push(`${name}: ${id}: ${node.html.slice(0, 160)} ${node.failureSummary?.split('\n')[1] ?? ''}`);
    }
    const isWider = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    if (isWider) problems.push(`${name}: the page is wider than the screen`);
    if (!process.env.SCREENSHOTS) return;
    pictures += 1;
    await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${String(pictures).padStart(2, '0')}-${name}.png`) });
  }

  return { person, look, problems, close: () => browser.close() };
}
