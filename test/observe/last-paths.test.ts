import { describe, expect, it } from 'vitest';
import { LastPaths } from '../../src/observe/last-paths.ts';

const DEVICE = 0;
const OTHER = 1;
const ALL = 0xf0;

/** A device of four paths loses all of them at 100 ns. */
function outage(): LastPaths {
  const paths = new LastPaths();
  paths.truthChanged(100, DEVICE, 0, ALL);
  return paths;
}

const answer = (paths: LastPaths) => paths.worst(0, 1000);

describe('whether a device without a path is known to have none', () => {
  it('is no question while a path is left', () => {
    const paths = new LastPaths();
    paths.truthChanged(100, DEVICE, 0x80, ALL);
    paths.requestFailed(DEVICE);
    expect(answer(paths)).toBeNull();
  });

  it('yes: the masks show it, the device is disconnected and its requests wait', () => {
    const paths = outage();
    paths.masksChanged(DEVICE, 0);
    paths.noticed(DEVICE);
    expect(answer(paths)).toBe('yes');
  });

  it('later: a request had failed by then', () => {
    const paths = outage();
    paths.requestFailed(DEVICE);
    paths.masksChanged(DEVICE, 0);
    paths.noticed(DEVICE);
    expect(answer(paths)).toBe('later');
  });

  it('yes: requests that fail afterwards fail for a known reason', () => {
    const paths = outage();
    paths.masksChanged(DEVICE, 0);
    paths.noticed(DEVICE);
    paths.requestFailed(DEVICE);
    expect(answer(paths)).toBe('yes');
  });

  it('no: nobody told, nobody looked', () => {
    expect(answer(outage())).toBe('no');
  });

  it('no: condition code 3 disconnected the device, but its masks show paths again', () => {
    const paths = outage();
    paths.masksChanged(DEVICE, 0);
    paths.noticed(DEVICE);
    paths.masksChanged(DEVICE, ALL);
    expect(answer(paths)).toBe('no');
  });

  it('is decided when a path comes back', () => {
    const paths = outage();
    paths.truthChanged(200, DEVICE, 0x80, 0);
    paths.masksChanged(DEVICE, 0);
    paths.noticed(DEVICE);
    expect(answer(paths)).toBe('no');
  });

  it('the worst device answers for all, and outages belong to the span in which they begin', () => {
    const paths = outage();
    paths.truthChanged(500, OTHER, 0, 0);
    paths.noticed(OTHER);
    expect(paths.worst(0, 1000)).toBe('no');
    expect(paths.worst(500, 1000)).toBe('yes');
    expect(paths.worst(600, 1000)).toBeNull();
  });
});
