import type { Invitation } from '@codesync/protocol';

const ROLES = {
  editor: 'You come as an editor: you can type and run, and what you do is kept in the room’s history.',
  viewer: 'You come as a viewer: you read along, and can ask to edit.',
} as const;

/** Who invites to what, in which role; null where that is not known, as without a link. */
export function invitationWords(invitation: Invitation | null): {
  readonly title: string;
  readonly detail: string;
} {
  if (invitation === null)
    return {
      title: 'What should the others call you?',
      detail: 'The room opens right after. What you type and run there is kept in its history.',
    };
  const { room, role, hosts } = invitation;
  const [host] = hosts;
  return {
    title: host === undefined ? `You are invited to “${room}”` : `${host} invites you to “${room}”`,
    detail: ROLES[role],
  };
}
