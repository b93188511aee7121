import { chpsim } from './lib/contenders.js';

/** The files that have a row per event or request: our writer beside csv-stringify, which defines their bytes. */
export const writers = ['events.csv', 'io.csv'].map((file) => ({
  name: `write-${file}`,
  unit: 'rows',
  contenders: ({ quick }) => {
    const rows = quick ? 500_000 : 2_000_000;
    return [
      chpsim('chpsim', 'writers', [file, 'fast', rows]),
      chpsim('csv-stringify', 'writers', [file, 'csv-stringify', rows / 10]),
    ];
  },
}));
