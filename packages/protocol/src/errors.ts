import { z } from 'zod';
import { amount, inWords, mebibytes } from './amounts.ts';
import { LANGUAGES } from './languages.ts';
import { LIMITS } from './limits.ts';
import { RUNNER_LIMITS } from './runner-limits.ts';

const ENDINGS = Object.values(LANGUAGES).flatMap(({ extensions }) => extensions);
const RUNNABLE = `${ENDINGS.slice(0, -1).join(', ')} and ${ENDINGS.at(-1)}`;

/**
 * Refusals: expected outcomes, told to the person who meets them. A sentence says what happened and what to do.
 * A number in it comes from `LIMITS`. Bugs are not refusals: they throw.
 */
export const REFUSALS = {
  'protocol.outdated': 'This page is older than the server. Reload to get the current version.',
  'protocol.malformed':
    'The server could not read that message. Reload the page; if it happens again, report it.',
  'text.half': 'That text holds half of a character, which cannot be kept. Remove it, then try again.',
  'protocol.unjoined': 'Join the room before sending anything to it.',
  'rate.exceeded': 'Too many messages at once. Nothing is lost: wait a moment and try again.',
  'rate.address': 'Too many requests from your network address. Wait a minute and try again.',
  'client.replaced': 'This tab was opened a second time. Go on in the other one, or reload this one.',
  'identity.required': 'Pick a name first, then open the room again.',
  'identity.invalid': `That name cannot be used. Choose one of 1 to ${LIMITS.nameUnits} visible characters.`,
  'room.unknown': 'There is no room at this address. Check the link, or ask the host for a new one.',
  'room.link': 'This room opens by link. Ask its host for one.',
  'room.linkRevoked': 'This link no longer works. Ask the host for a new one.',
  'room.locked': 'The host has closed this room to newcomers. Ask the host to open it.',
  'room.removed': 'The host removed you from this room. Ask the host if this was a mistake.',
  'room.full': 'This room is full. Ask someone to leave, or create another room.',
  'room.unavailable':
    'The room cannot be reached just now. What you typed is kept on this device; it is sent when the room is back.',
  'room.newer':
    'A newer version of CodeSync than this server wrote this room. Nothing is lost: whoever runs the server has to update it.',
  'room.damaged':
    'The server cannot read what it has stored of this room. Whoever runs the server finds the reason in its log.',
  'storage.unavailable':
    'The database cannot be reached. What you type is kept on this device and saved when it is back.',
  'storage.full':
    'The server’s disk is full. What you type is kept on this device and saved when there is space again.',
  'role.viewer': 'You are viewing. Ask the host for permission to edit.',
  'role.host': 'Only the host can do that.',
  'role.lastHost': 'A room needs a host. Make someone else host first.',
  'member.unknown': 'That person is not in this room.',
  'file.unknown': 'That file no longer exists. Someone may have deleted it.',
  'file.gone': `That file can no longer be brought back. A room keeps the last ${amount(LIMITS.deletedKept)} that were deleted, up to ${amount(LIMITS.deletedUnits)} characters.`,
  'file.restored': 'That file is back already.',
  'file.exists': 'There is already a file with that name. Choose another name.',
  'file.case':
    'There is already a name that differs from that one only in capitals, which some systems cannot tell apart. Choose another name.',
  'file.path': 'That file name cannot be used. Use letters, digits, dots, dashes and slashes, without “..”.',
  'file.tooLarge': `That would make the file larger than ${amount(LIMITS.fileUnits)} characters. Split it into smaller files.`,
  'file.tooMany': `A room holds up to ${amount(LIMITS.files)} files and empty folders. Delete one first.`,
  'file.binary':
    'That file is no text, so it cannot be edited here. Download it, or change it in a terminal.',
  'file.text': 'That file is text. Delete it first, then upload the other one.',
  'blob.unknown': 'The content of that file has not arrived. Upload it again.',
  'blob.damaged': 'The content of that file arrived damaged. Upload it again.',
  'folder.unknown': 'That folder no longer exists. Someone may have moved or deleted it.',
  'folder.exists': 'There is already a folder with that name. Choose another name.',
  'folder.inside': 'A folder cannot be moved into itself. Choose another place.',
  'folder.gone': 'Nothing of that folder can be brought back any more.',
  'room.tooLarge': `That would make the room larger than ${mebibytes(LIMITS.roomBytes)}. Delete or shorten a file first.`,
  'room.blobsFull': `The server keeps up to ${mebibytes(LIMITS.blobBytesKept)} of a room’s files that are no text, those of its past too. Use another room for more.`,
  'edit.invalid':
    'An edit did not fit the file and was not applied. The file is loaded again; nothing that was saved is lost.',
  'edit.future':
    'The server has an older version of this file than this page. The page loads the file again.',
  'run.language': `No language is known for this file. Runs start from ${RUNNABLE} files. For another one, choose its language first.`,
  'run.unavailable': 'Runs are not available on this server just now. Editing goes on as usual.',
  'run.tooMany': `This room already has ${inWords(LIMITS.runsPerRoom)} runs going. Stop one first.`,
  'run.tooOften': 'That is a lot of runs in a minute. Wait a little and run again.',
  'run.address': 'A lot of runs came from your network address in a minute. Wait a little and run again.',
  'run.unknown': 'That run has already ended.',
  'run.unlogged': 'There is no such run in this room’s log. Open the history again to see which there are.',
  'run.args': `A program takes up to ${amount(RUNNER_LIMITS.args)} arguments, ${amount(RUNNER_LIMITS.argsBytes)} bytes together and without NUL characters. Remove or shorten some.`,
  'run.env': `A program takes up to ${amount(RUNNER_LIMITS.env)} variables, ${amount(RUNNER_LIMITS.envBytes)} bytes together and without NUL characters. Remove or shorten some.`,
  'run.envName':
    'The name of a variable has letters, digits and “_”, begins with no digit, and stands there once. Change it, then try again.',
  'run.entryGone':
    'The file that this configuration runs was deleted. Choose another one in it, or bring the file back.',
  'run.stdinGone':
    'The file that the program’s input comes from was deleted. Choose another one, or bring the file back.',
  'run.stdinTooLarge': `A file can be a program’s input up to ${amount(RUNNER_LIMITS.stdinBytes)} bytes. Shorten it, or let the program open it.`,
  'run.stdinBinary':
    'That file is no text, so it cannot be typed into a program. Choose another one, or let the program open it.',
  'configuration.unknown': 'That run configuration no longer exists. Someone may have deleted it.',
  'configuration.exists': 'That run configuration is there already.',
  'configuration.tooMany': `A room keeps up to ${amount(LIMITS.configurations)} run configurations. Delete one first.`,
  'run.inputEnded': 'The input of that run has ended. Run it again to type into it.',
  'chat.unknown': 'That message is no longer here. Someone may have deleted it.',
  'chat.exists': 'That message is in the chat already.',
  'chat.notYours': 'Only whoever wrote a message can change or delete it.',
  'chat.reactions': `A message has up to ${amount(LIMITS.chatReactions)} reactions. Write a message instead.`,
  'chat.tooOften': `You can send ${amount(LIMITS.chatPerMinute)} things to the chat in a minute. What you wrote is kept, and is sent when the minute is over.`,
  'driver.same': 'That person has the driver’s seat already.',
  'driver.notYours':
    'Only the driver and hosts can give the driver’s seat away. Ask the driver to hand it over, or take it when it is empty.',
  'driver.cannot': 'Only somebody who is here and may edit can have the driver’s seat. Choose someone else.',
  'timer.going': 'The room’s timer is going already. Stop it first.',
  'timer.none': 'There is no timer in that state. Someone may have changed it; start a new one.',
  'lead.notYours':
    'Only hosts and the driver can ask everyone to follow them. Take the driver’s seat first, or ask a host.',
  'guide.gone': 'That person is not here just now. Ask them again when they are back.',
  'guide.place': 'That place is in no file of this room any more. Go to another one, then ask again.',
  'guide.tooOften': `You can ask others to come or to follow ${amount(LIMITS.guidesPerMinute)} times in a minute. Wait a moment, then ask again.`,
  'call.full': `A call has up to ${amount(LIMITS.callMembers)} people, as each of them is connected to every other one. Wait until somebody leaves it.`,
  'call.videos': `Up to ${inWords(LIMITS.callVideos)} people of a call show their camera or their screen at once. Wait until somebody turns theirs off; your microphone works as before.`,
  'call.notIn': 'You are not in the call. Join it first.',
  'call.gone': 'That person is no longer in the call.',
  'format.failed': 'The formatter could not read that text. Mend the text, then format it again.',
  'format.tooLarge': `A file can be formatted up to ${amount(RUNNER_LIMITS.stdinBytes)} bytes. Split it into smaller files.`,
  'format.tooLong': `Formatting took longer than ${amount(LIMITS.formatMs / 1_000)} seconds, so nothing was changed. Wait a moment, then try again.`,
  'terminal.unknown': 'That terminal is no longer there. Someone may have closed it.',
  'terminal.exists': 'There is a terminal with that id already. Open another one.',
  'terminal.tooMany': `A room has up to ${inWords(LIMITS.terminals)} terminals. Close one first.`,
  'terminal.locked': 'The host has locked this terminal. Ask the host to unlock it.',
  'terminal.ended': 'The shell in this terminal has ended. Start it again first.',
  'terminal.running': 'The shell in this terminal is running already.',
  'comment.unknown': 'That comment is no longer there. Someone may have deleted it.',
  'comment.exists': 'That comment is there already.',
  'comment.place': 'That place is not in the file. Select the text again, then comment on it.',
  'comment.notYours': 'Only whoever wrote a comment can change it, and only they or the host can delete it.',
  'comment.resolve': 'Only editors and whoever began a thread can resolve or reopen it.',
  'comment.resolved': 'That thread is resolved already.',
  'comment.open': 'That thread is open already.',
  'comment.tooMany': `A room keeps up to ${amount(LIMITS.threads)} threads of comments. Delete one first.`,
  'comment.threadFull': `A thread has up to ${amount(LIMITS.commentsPerThread)} comments. Begin another one.`,
  'comment.tooMuch': `The comments of a room have up to ${amount(LIMITS.commentUnitsOfAll)} characters together. Delete or shorten one first.`,
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export const Refusal = z.object({ code: z.string(), message: z.string() });
/** A coded refusal as it travels: `message` is the sentence for the person. */
export type Refusal = { code: RefusalCode; message: string };

/** The refusal for a code; `message` replaces the standard sentence where a better one is known. */
export function refusal(code: RefusalCode, message: string = REFUSALS[code]): Refusal {
  return { code, message };
}

/** `value` as a refusal. Null when it is none, or has a code that is not known. */
export function refusalFrom(value: unknown): Refusal | null {
  const parsed = Refusal.safeParse(value);
  if (!parsed.success || !Object.hasOwn(REFUSALS, parsed.data.code)) return null;
  return parsed.data as Refusal;
}
