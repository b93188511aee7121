// What the conformance run prints: shares, and below each what differed.

export class Report {
  passed = 0;
  failed = 0;

  /** One line per thing that was compared. */
  share(title, alike, all, what, more = '') {
    const good = alike === all;
    this.count(good);
    const share = all === 0 ? '100.0' : ((100 * alike) / all).toFixed(1);
    console.log(
      `${good ? 'ok  ' : 'FAIL'} ${title}: ${alike} of ${all} ${what} alike (${share} %)${more && `, ${more}`}`,
    );
  }

  line(good, title, more = '') {
    this.count(good);
    console.log(`${good ? 'ok  ' : 'FAIL'} ${title}${more && ` ${more}`}`);
  }

  detail(text) {
    console.log(`     ${text}`);
  }

  count(good) {
    if (good) this.passed++;
    else this.failed++;
  }
}
