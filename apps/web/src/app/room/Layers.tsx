import { at } from '../../base.ts';
import type { Command } from '../../features/palette/command.ts';
import { Palette } from '../../features/palette/Palette.tsx';
import { ShortcutsSheet } from '../../features/palette/ShortcutsSheet.tsx';
import { linkPath } from '../../features/rooms/link.ts';
import { RenameRoomDialog } from '../../features/rooms/RoomMenu.tsx';
import { SettingsDialog } from '../../features/settings/SettingsDialog.tsx';
import { ShareDialog } from '../../features/share/ShareDialog.tsx';
import { StatusDialog } from '../../features/status/StatusDialog.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import type { Desk, Layer } from './useDesk.ts';
import { useSave } from './useRoomView.ts';

/** What can lie over the room, one at a time. */
export function Layers({ desk, commands }: { desk: Desk; commands: readonly Command[] }) {
  const { view, deleting, mac } = desk;
  const { room } = view;
  const layer = (name: Layer) => ({
    open: desk.layer === name,
    onOpenChange: (open: boolean) => desk.setLayer(open ? name : null),
  });
  return (
    <>
      <Palette
        {...layer('palette')}
        commands={commands}
        files={desk.files}
        onOpenFile={desk.openFile}
        mac={mac}
      />
      <Palette
        {...layer('open-file')}
        commands={[]}
        files={desk.files}
        onOpenFile={desk.openFile}
        mac={mac}
      />
      <SettingsDialog {...layer('settings')} />
      <ShortcutsSheet {...layer('shortcuts')} commands={commands} mac={mac} />
      <ShareDialog
        {...layer('share')}
        roomId={view.id}
        host={desk.host}
        hosts={[...room.members.values()].filter((member) => member.role === 'host' && !member.removed)}
        locked={room.locked}
        generations={room.links}
        linkTo={(role, secret) => `${location.origin}${at(linkPath(view.id, role, secret).slice(1))}`}
        command={desk.command}
        onShowPeople={() => desk.show('people')}
      />
      <Status {...layer('status')} desk={desk} />
      <RenameRoomDialog {...layer('rename-room')} name={room.name} command={desk.command} />
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={(open) => {
          if (!open) desk.setDeleting(null);
        }}
        title={`Delete ${deleting?.path ?? ''}?`}
        confirm="Delete"
        onConfirm={() => {
          if (deleting !== null) desk.deleteFile(deleting.id);
        }}
      >
        It goes for everyone in the room, at once. Undo brings it back as it was.
      </ConfirmDialog>
    </>
  );
}

type StatusProps = { open: boolean; onOpenChange: (open: boolean) => void; desk: Desk };

function Status({ desk: { source, view, host }, ...layer }: StatusProps) {
  return <StatusDialog {...layer} source={source} view={{ ...view, save: useSave(source) }} host={host} />;
}
