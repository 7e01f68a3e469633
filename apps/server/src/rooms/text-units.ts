// How much text something carries. The cost of keeping, writing and sending it goes by that.
import type { Command, CommandBody, EventBody, Run, RunAnswer, RunPiece } from '@codesync/protocol';

/** A command with the units of its text, where they were counted already. */
export type MeasuredCommand = Command & { readonly units?: number };

/**
 * The text in a command or an event, in UTF-16 units. Each other component of an operation counts as one, as does a
 * turn of a run’s streams, and the end of each thing that a program is given.
 */
export function textUnits(body: CommandBody | EventBody): number {
  if (body.kind === 'edit') {
    return body.op.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0);
  }
  if (body.kind === 'run.output') return outputUnits(body);
  if ('text' in body) return body.text.length;
  if ('setup' in body && body.setup !== undefined) return setupUnits(body.setup);
  return 'args' in body || 'env' in body ? setupUnits(body) : 0;
}

/** The same of an answer on runs. What is not the text of people or programs counts as a unit for each file. */
export function answerUnits(answer: RunAnswer): number {
  if (answer.kind === 'text') return answer.text.length;
  if (answer.kind === 'words')
    return answer.runs.flatMap(({ words }) => words).reduce((sum, { length }) => sum + length + 1, 0);
  if (answer.kind === 'binary') return 1;
  const runs = answer.kind === 'run' ? [answer.run] : answer.runs.map(({ run }) => run);
  return runs.reduce(
    (sum, run) =>
      run.output.reduce(
        (units, piece) => units + outputUnits(piece),
        sum + setupUnits(run) + run.files.length,
      ),
    0,
  );
}

/** The same of what a program is given. */
function setupUnits({ args = [], env = [] }: Pick<Run, 'args' | 'env'>): number {
  const argsUnits = args.reduce((sum, each) => sum + each.length + 1, 0);
  return env.reduce((sum, { name, value }) => sum + name.length + value.length + 2, argsUnits);
}

/** The same of a piece of a run's transcript. */
export function outputUnits(
  piece: Pick<RunPiece, 'text'> & { readonly turns?: readonly number[] | undefined },
): number {
  return piece.text.length + (piece.turns?.length ?? 0);
}

/**
 * The units of an event's text, where the command that it came from tells them. An edit that was carried over no other
 * edit has the same operation.
 */
export function knownUnits(event: EventBody, { body, units }: MeasuredCommand): number | undefined {
  return event.kind === 'edit' && body.kind === 'edit' && event.op === body.op ? units : undefined;
}
