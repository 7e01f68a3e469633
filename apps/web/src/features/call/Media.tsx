import clsx from 'clsx';
import { useEffect, useRef } from 'react';

type VideoProps = {
  track: MediaStreamTrack;
  label: string;
  /** As in a mirror: how people know their own picture. */
  mirrored?: boolean;
  /** All of it is seen, with bars beside it. */
  whole?: boolean;
};

/** A picture that moves. It makes no sound. */
export function Video({ track, label, mirrored = false, whole = false }: VideoProps) {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = ref.current!;
    video.srcObject = new MediaStream([track]);
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  return (
    <video
      ref={ref}
      autoPlay
      playsInline
      muted
      aria-label={label}
      className={clsx('size-full', whole ? 'object-contain' : 'object-cover', mirrored && '-scale-x-100')}
    />
  );
}

/** Somebody's voice. `silent`: they are muted, whatever they send. */
export function Voice({ track, silent }: { track: MediaStreamTrack; silent: boolean }) {
  const ref = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const audio = ref.current!;
    audio.srcObject = new MediaStream([track]);
    return () => {
      audio.srcObject = null;
    };
  }, [track]);
  useEffect(() => {
    ref.current!.muted = silent;
  }, [silent]);
  // biome-ignore lint/a11y/useMediaCaption: nobody writes down what is said in a call
  return <audio ref={ref} autoPlay />;
}
