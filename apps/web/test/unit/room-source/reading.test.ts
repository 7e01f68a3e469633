import { describe, expectTypeOf, test } from 'vitest';
import type { EditorProps } from '../../../src/editor/Editor.tsx';
import type {
  FileDocument,
  FileReading,
  LiveStatus,
  RoomReading,
  RoomSource,
  RoomView,
} from '../../../src/room-source/types.ts';

// The compiler is the judge here: `npm run check` fails where one of these is not so.
describe('a room that is only read', () => {
  test('is viewed, listened to and asked for the text of files and the places of messages, and nothing else', () => {
    expectTypeOf<keyof RoomReading>().toEqualTypeOf<'view' | 'subscribe' | 'document' | 'placeOf'>();
    expectTypeOf<RoomReading>().not.toExtend<RoomSource>();
    expectTypeOf<RoomSource>().toExtend<RoomReading>();
  });

  test('has files that nobody can type into', () => {
    expectTypeOf<Extract<keyof FileReading, 'edit' | 'undo' | 'redo'>>().toEqualTypeOf<never>();
    expectTypeOf<ReturnType<RoomReading['document']>>().toEqualTypeOf<FileReading | null>();
    expectTypeOf<FileReading>().not.toExtend<FileDocument>();
  });

  test('says nothing of a connection, of saving or of a sandbox', () => {
    expectTypeOf<Extract<keyof RoomView, keyof LiveStatus>>().toEqualTypeOf<never>();
  });

  test('is what the editor shows, which takes no keys then', () => {
    expectTypeOf<EditorProps['room']>().toEqualTypeOf<RoomReading>();
    expectTypeOf<null>().toExtend<EditorProps['writing']>();
    expectTypeOf<RoomReading>().not.toExtend<EditorProps['writing']>();
  });
});
