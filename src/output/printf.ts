/**
 * Text with the conversions of printf that trace events use: `%d`, `%u`, `%x`, `%04x`, `%s`. It can be printed, and a text
 * can be asked whether it was printed so.
 */
export class PrintFormat {
  private readonly literals: readonly string[];
  private readonly conversions: readonly Conversion[];
  private readonly pattern: RegExp;

  constructor(template: string) {
    const parts = template.split(/(%0?\d*[duxs])/);
    this.literals = parts.filter((_, at) => at % 2 === 0);
    this.conversions = parts.filter((_, at) => at % 2 === 1).map(conversionOf);
    this.pattern = new RegExp(
      `^${parts.map((part, at) => (at % 2 === 0 ? quoted(part) : pattern(part))).join('')}$`,
    );
  }

  print(values: readonly (number | string)[]): string {
    const { literals, conversions } = this;
    let text = literals[0];
    for (let at = 0; at < conversions.length; at++) text += conversions[at](values[at]) + literals[at + 1];
    return text;
  }

  /** Whether `text` is a whole text of this format; a blank at its end may have been stripped. */
  matches(text: string): boolean {
    return this.pattern.test(text) || this.pattern.test(`${text} `);
  }
}

type Conversion = (value: number | string) => string;

const digitsOf = (conversion: string): number => Number(conversion.slice(1, -1));

function conversionOf(conversion: string): Conversion {
  const digits = digitsOf(conversion);
  if (!conversion.endsWith('x')) return String;
  return (value) => (typeof value === 'string' ? value : value.toString(16)).padStart(digits, '0');
}

function pattern(conversion: string): string {
  switch (conversion.at(-1)) {
    case 's':
      return '.*';
    case 'x':
      return `[0-9a-f]{${Math.max(1, digitsOf(conversion))},}`;
    case 'd':
      return '-?[0-9]+';
    default:
      return '[0-9]+';
  }
}

const quoted = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
