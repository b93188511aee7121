import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/output/manifest.ts';
import { runStory, stories } from '../../src/report/answer.ts';
import { type ReportRun, readRun } from '../../src/report/report-run.ts';
import { type ReportFiles, reportFiles } from './report-files.ts';

let files: ReportFiles;
let runs: ReportRun[];

beforeAll(async () => {
  files = await reportFiles();
  runs = fs.readdirSync(files.runs).map((name) => {
    const folder = path.join(files.runs, name);
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Manifest;
    return readRun(folder, manifest);
  });
});
afterAll(() => files.remove());

const runOf = (name: string): ReportRun => runs.find((run) => run.name === name)!;

describe('what a report reads out of events', () => {
  it('knows a change as late as the simulation says that it was known', () => {
    for (const name of ['report-per-chpid', 'upstream']) {
      const run = runOf(name);
      for (const story of stories(run, 4)) {
        const told = runStory(run, story)!;
        const measured = run.summary.phases[story.phase].times['path.knowledge'].max;
        expect(told.knownNs, `${name} ${story.phase}`).toBe(measured);
        expect(told.mostWrong).toBe(6);
      }
    }
  });

  it('counts notifications and reports as the simulation does', () => {
    for (const run of runs) {
      const [loss] = stories(run, 1);
      const { told, reports } = runStory(run, loss)!;
      const { counts } = run.summary.phases[loss.phase];
      expect(told).toBe(counts['kernel.eventfd.path'] ?? 0);
      expect(reports).toBe(counts['vmm.crw'] ?? 0);
    }
  });

  it('sees that who is not told never learns', () => {
    const run = runOf('static');
    const [loss] = stories(run, 1);
    expect(runStory(run, loss)).toMatchObject({ knownNs: null, mostWrong: 6, reports: 0, told: 0 });
  });

  it('finds every request in one piece of time', () => {
    for (const { requests, manifest } of runs) {
      const rows = manifest.files.find(({ name }) => name === 'io.csv')!.rows;
      expect(requests!.bins.reduce((sum, { response }) => sum + response.count, 0)).toBe(rows);
    }
  });
});

describe('chpsim report', () => {
  it('answers in Markdown on stdout', async () => {
    const { code, stdout, stderr } = await files.chpsim('report', files.runs);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^# small-storm\n\n> One of two paths goes away\./);
    expect(stdout).toMatch(
      /At 1\.205\u2009s \*\*0\.40 goes\*\*\. \*\*(report-per-chpid|upstream)\*\* knew of it first/,
    );
    expect(stdout).toContain('Under **static** it was never learned: up to 6 devices');
    expect(stdout).toMatch(/\| upstream \| 6 \| 6 \|/);
  });

  it('writes the same page twice, with the figures beside it', async () => {
    const page = path.join(files.folder, 'report.html');
    const write = async (): Promise<string> => {
      expect((await files.chpsim('report', files.runs, '--html', page)).code).toBe(0);
      return fs.readFileSync(page, 'utf8');
    };
    const first = await write();
    expect(await write()).toBe(first);
    const specs = JSON.parse(fs.readFileSync(path.join(files.folder, 'report.specs.json'), 'utf8'));
    expect(Object.keys(specs)).toEqual(expect.arrayContaining(['timeline', 'change-1', 'percentiles']));
  });

  it('takes single runs, without a comparison', async () => {
    const folder = path.join(
      files.runs,
      fs.readdirSync(files.runs).find((name) => name.startsWith('upstream'))!,
    );
    const { code, stdout } = await files.chpsim('report', folder);
    expect(code).toBe(0);
    expect(stdout).toContain('all 6 devices had right masks after');
    expect(stdout).not.toContain('Runs side by side');
  });

  it('takes the folder that --out was given', async () => {
    const scenario = await files.chpsim('report', files.runs);
    const all = await files.chpsim('report', path.dirname(files.runs));
    expect(all.code).toBe(0);
    expect(all.stdout).toBe(scenario.stdout);
  });

  it('refuses what holds no run', async () => {
    const { code, stderr } = await files.chpsim('report', path.join(files.folder, 'nothing'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/nothing does not exist/);
  });
});
