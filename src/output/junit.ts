/** One test case of a JUnit report. */
export interface JunitCase {
  readonly name: string;
  /** Why it failed; empty when it did not. */
  readonly failure: string;
  /** Neither passed nor failed. */
  readonly skipped: boolean;
}

export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

/** JUnit XML as continuous-integration systems read it; without times, so that equal runs give equal bytes. */
export function formatJunit(suites: readonly JunitSuite[]): string {
  const body = suites.map((suite) => {
    const failures = suite.cases.filter(({ failure }) => failure !== '').length;
    const skipped = suite.cases.filter((testCase) => testCase.skipped && testCase.failure === '').length;
    const head = `  <testsuite name="${escapeXml(suite.name)}" tests="${suite.cases.length}" failures="${failures}" skipped="${skipped}">\n`;
    return `${head}${suite.cases.map((testCase) => formatCase(suite.name, testCase)).join('')}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${body.join('')}</testsuites>\n`;
}

function formatCase(suite: string, { name, failure, skipped }: JunitCase): string {
  const open = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}"`;
  if (failure !== '') return `${open}>\n      <failure message="${escapeXml(failure)}"/>\n    </testcase>\n`;
  return skipped ? `${open}>\n      <skipped/>\n    </testcase>\n` : `${open}/>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};

/** Characters that XML 1.0 cannot hold at all are replaced. */
const escapeXml = (text: string): string =>
  [...text]
    .map((char) => ENTITIES[char] ?? (char < ' ' || char === '\ufffe' || char === '\uffff' ? '\ufffd' : char))
    .join('');
