import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ReportFiles, reportFiles } from './report-files.ts';

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'].map(pathOf).find((found) => found !== '');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** What can be done something with. */
const TARGETS = 'nav a, .tools button, .picture, summary';
const MOST_BYTES = 5_000_000;
const MOST_SCRIPT_BYTES = 20_000;

function pathOf(program: string): string {
  try {
    return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

const title =
  CHROMIUM === undefined
    ? 'a report in a browser (skipped: no chromium is installed)'
    : 'a report in a browser';

describe.skipIf(CHROMIUM === undefined)(title, () => {
  let files: ReportFiles;
  let browser: Browser;
  let page: Page;
  let file = '';
  let requests: string[] = [];
  let errors: string[] = [];

  beforeAll(async () => {
    files = await reportFiles();
    file = path.join(files.folder, 'report.html');
    const { code, stderr } = await files.chpsim('report', files.runs, '--html', file);
    if (code !== 0) throw new Error(stderr);
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox', '--headless'] });
  });
  afterAll(async () => {
    await browser?.close();
    files?.remove();
  });
  beforeEach(async () => {
    await page?.close();
    page = await browser.newPage({ viewport: { width: 1200, height: 900 }, bypassCSP: true });
    [requests, errors] = [[], []];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(pathToFileURL(file).href);
  });

  /** Ends and places of an axis, as its labels tell. */
  const labels = (figure: string): Promise<string[]> =>
    page.locator(`#${figure} .x-axis .role-axis-label text`).allTextContents();

  it('is one small file that asks for nothing else', () => {
    const html = fs.readFileSync(file, 'utf8');
    expect(html.length).toBeLessThan(MOST_BYTES);
    expect(/<script>([\s\S]*)<\/script>/.exec(html)![1].length).toBeLessThan(MOST_SCRIPT_BYTES);
    expect(requests).toEqual([pathToFileURL(file).href]);
    expect(errors).toEqual([]);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no serious finding of axe in the ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      await page.addScriptTag({ path: AXE });
      const { violations } = await page.evaluate<{
        violations: { id: string; impact: string; nodes: { html: string }[] }[];
      }>('axe.run()');
      const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`)).toEqual([]);
    });
  }

  it('changes its paper with the theme, and is white in print', async () => {
    const paper = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await paper();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await paper()).not.toBe(light);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await paper()).toBe('rgb(255, 255, 255)');
    expect(await page.locator('#timeline .tools').isVisible()).toBe(false);
  });

  it('zooms by buttons, and figures with the same axis go together', async () => {
    const [before, response] = [await labels('timeline'), await labels('percentiles')];
    await page.locator('#timeline button', { hasText: '0.40 goes' }).click();
    expect(await labels('timeline')).not.toEqual(before);
    expect(await labels('percentiles')).not.toEqual(response);
    await page.locator('#timeline button[data-zoom=all]').click();
    expect((await labels('timeline')).map(Number).at(-1)).toBeCloseTo(1.6, 5);
  });

  it('zooms and moves by keys, and leaves other keys to the browser', async () => {
    await page.locator('#change-1 .picture').focus();
    const whole = await labels('change-1');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await labels('change-1')).toEqual(whole);
    await page.keyboard.press('+');
    const closer = await labels('change-1');
    expect(closer).not.toEqual(whole);
    await page.keyboard.press('ArrowRight');
    expect(await labels('change-1')).not.toEqual(closer);
  });

  it('zooms about the pointer with the wheel, and follows a drag', async () => {
    const picture = page.locator('#timeline .picture');
    await picture.scrollIntoViewIfNeeded();
    await picture.hover();
    const whole = await labels('timeline');
    await page.keyboard.down('Shift');
    for (let turn = 0; turn < 6; turn++) await page.mouse.wheel(0, -100);
    await page.keyboard.up('Shift');
    await expect.poll(() => labels('timeline')).not.toEqual(whole);
    const zoomed = await labels('timeline');
    const box = (await picture.boundingBox())!;
    await page.mouse.move(box.x + 400, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 550, box.y + 100, { steps: 5 });
    await page.mouse.up();
    expect(await labels('timeline')).not.toEqual(zoomed);
  });

  it('says what the pointer is over', async () => {
    const band = page.locator('#change-1 [data-tip*="masks of 6 devices wrong"]').first();
    await band.scrollIntoViewIfNeeded();
    await band.hover();
    expect(await page.locator('#tip').textContent()).toMatch(/masks of 6 devices wrong/);
    await page.keyboard.press('Escape');
    expect(await page.locator('#tip').isVisible()).toBe(false);
  });

  it('reaches every figure, button and table by the keyboard', async () => {
    const wanted = await page.locator(TARGETS).count();
    const reached = new Set<string>();
    for (let step = 0; step < wanted * 2; step++) {
      await page.keyboard.press('Tab');
      const place = await page.evaluate<number>(
        `[...document.querySelectorAll('${TARGETS}')].indexOf(document.activeElement)`,
      );
      if (place >= 0) reached.add(String(place));
    }
    expect(reached.size).toBe(wanted);
  });

  it('tells in a table what each figure shows', async () => {
    for (const figure of await page.locator('figure').all()) {
      expect(await figure.locator('details table tbody tr').count()).toBeGreaterThan(0);
    }
  });
});
