// A model that never takes half of a character: no room keeps one (packages/protocol/src/text.ts).
import { wellFormed } from '@codesync/protocol';
import type { monaco } from './monaco.ts';

/**
 * Puts U+FFFD for every half of a character that is typed or pasted. Ranges need no care: a model by itself moves the
 * ends of each edit out of surrogate pairs.
 */
export function keepWholeCharacters(model: monaco.editor.ITextModel): void {
  // Every edit of a person (keys, paste, commands, several cursors) ends at this method of the model.
  const push = model.pushEditOperations.bind(model);
  const whole: typeof push = (before, operations, ...rest) => {
    return push(
      before,
      operations.map((operation) =>
        operation.text?.isWellFormed() === false
          ? { ...operation, text: wellFormed(operation.text) }
          : operation,
      ),
      ...rest,
    );
  };
  Object.assign(model, { pushEditOperations: whole });
}
