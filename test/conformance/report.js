// What the conformance run prints: shares, and below each what differed.

const verdictOf = (good) => (good ? 'ok  ' : 'FAIL');

export class Report {
  passed = 0;
  failed = 0;

  /** One line per thing that was compared. What is not judged is only told. */
  share(title, alike, all, what, { more = '', judged = true } = {}) {
    const good = alike === all;
    if (judged) this.count(good);
    const verdict = judged ? verdictOf(good) : 'note';
    const share = all === 0 ? '100.0' : ((100 * alike) / all).toFixed(1);
    console.log(`${verdict} ${title}: ${alike} of ${all} ${what} alike (${share} %)${more && `, ${more}`}`);
  }

  line(good, title, more = '') {
    this.count(good);
    console.log(`${verdictOf(good)} ${title}${more && ` ${more}`}`);
  }

  detail(text) {
    console.log(`     ${text}`);
  }

  count(good) {
    if (good) this.passed++;
    else this.failed++;
  }
}
