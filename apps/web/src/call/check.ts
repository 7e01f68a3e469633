// Whether this browser can be connected to another one at all: two connections of this page, with each other.
const TIME_MS = 5_000;

/** `blocked`: an extension, a policy or a setting keeps WebRTC from finding even the way to oneself. */
export type WayCheck = 'ok' | 'blocked' | 'unsupported';

export async function checkWay(): Promise<WayCheck> {
  if (!('RTCPeerConnection' in globalThis)) return 'unsupported';
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  try {
    one.onicecandidate = ({ candidate }) =>
      void other.addIceCandidate(candidate ?? undefined).catch(() => {});
    other.onicecandidate = ({ candidate }) =>
      void one.addIceCandidate(candidate ?? undefined).catch(() => {});
    const channel = one.createDataChannel('check');
    const opened = new Promise<WayCheck>((resolve) => {
      channel.onopen = () => resolve('ok');
      setTimeout(resolve, TIME_MS, 'blocked');
    });
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription!);
    await other.setLocalDescription();
    await one.setRemoteDescription(other.localDescription!);
    return await opened;
  } catch {
    return 'blocked';
  } finally {
    one.close();
    other.close();
  }
}
