import { useMemo } from 'react';
import type { Feature } from '../../desk/feature.ts';
import { DeskProvider, useCommandList, useDesk, usePhone } from '../../desk/hooks.tsx';
import { FocusContext, useFocusKeeper } from '../../ui/focus.ts';
import { Announcements } from './Announcements.tsx';
import { CodePane } from './CodePane.tsx';
import { Dialogs } from './Dialogs.tsx';
import { Foot } from './Foot.tsx';
import { Header, PhoneHeader } from './Header.tsx';
import { Phone } from './Phone.tsx';
import { StatusBar } from './StatusBar.tsx';
import { slotsOf } from './slots.tsx';
import { useKeys } from './useKeys.ts';
import { Workbench } from './Workbench.tsx';

type OpenRoomProps = { features: readonly Feature[] };

/** A room that has arrived, with what these features put into it. */
export function OpenRoom({ features }: OpenRoomProps) {
  return (
    <DeskProvider features={features}>
      <Layout features={features} />
    </DeskProvider>
  );
}

/** Laid out for the screen that it is on. */
function Layout({ features }: OpenRoomProps) {
  const desk = useDesk();
  const phone = usePhone();
  const commands = useCommandList();
  const focus = useFocusKeeper(desk.focusHome);
  useKeys(commands, desk);

  const slots = useMemo(() => slotsOf(features), [features]);
  const { panels, header, notes, views } = slots;
  const give = (command: string) =>
    commands()
      .find(({ id, enabled }) => id === command && enabled)
      ?.run();
  const code = (
    <CodePane notes={notes} views={views} onRun={() => give('run')} onQuote={() => give('chat.selection')} />
  );
  const foot = <Foot notes={notes} />;

  return (
    <FocusContext value={focus}>
      {phone ? (
        <Phone panels={panels} header={<PhoneHeader header={header} />} code={code} foot={foot} />
      ) : (
        <div className="relative flex h-dvh flex-col">
          <Header header={header} />
          <Workbench panels={panels} code={code} />
          {foot}
          <StatusBar status={slots.status} />
        </div>
      )}
      <Announcements />
      <Dialogs dialogs={slots.dialogs} />
      {slots.backgrounds.map((Background) => (
        <Background key={Background.name} />
      ))}
    </FocusContext>
  );
}
