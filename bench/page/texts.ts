/** Texts as large as a file may be, or a room. */
import { LIMITS } from '../../packages/protocol/src/index.ts';

const LINES = 50_000;

/** What is typed and pasted has to fit in, too. */
const LARGEST = LIMITS.fileUnits - 150_000;

const UNITS_PER_LINE = LARGEST / LINES;

/** Python-like lines. */
export function latin(units: number = LARGEST): string {
  return lines(units, (n) => {
    switch (n % 5) {
      case 0:
        return `def area_${n}(width, height):`;
      case 1:
        return `    total = width * height + ${n}`;
      case 2:
        return '    # what is left of it';
      case 3:
        return `    print("{}: {}".format("n", total))`;
      default:
        return `    return total`;
    }
  });
}

/** An ordinary file. */
export function short(): string {
  return latin(100 * UNITS_PER_LINE);
}

/** The same size in Chinese and emoji, as comments and strings. */
export function wide(units: number = LARGEST): string {
  return lines(units, (n) =>
    n % 2 === 0 ? `变量_${n} = "价格合计与面积"` : `# 这是第${n}行😀的说明文字👩‍💻`,
  );
}

function lines(units: number, line: (n: number) => string): string {
  const all: string[] = [];
  for (let n = 0; n < Math.floor(units / UNITS_PER_LINE); n++) {
    // No pair of surrogates is cut: what the lines say is shorter than a line.
    all.push(
      line(n)
        .padEnd(UNITS_PER_LINE - 1, ' #=')
        .slice(0, UNITS_PER_LINE - 1),
    );
  }
  return `${all.join('\n')}\n`;
}

export function linesOf(text: string): number {
  return text.split('\n').length - 1;
}

export function firstLine(text: string): string {
  return text.slice(0, text.indexOf('\n')).trimEnd();
}
