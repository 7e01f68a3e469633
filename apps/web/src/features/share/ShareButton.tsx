import { Share2 } from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { Button } from '../../ui/Button.tsx';

export function ShareButton() {
  const desk = useDesk();
  return (
    <Button
      onClick={() => desk.openDialog('share')}
      aria-label="Share"
      icon={<Share2 size={14} strokeWidth={1.5} />}
      className="ml-1 max-[900px]:w-8 max-[900px]:px-0"
    >
      <span className="max-[900px]:hidden">Share</span>
    </Button>
  );
}
