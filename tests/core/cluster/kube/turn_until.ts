/** Lets the event loop turn, without a clock, until something is true. */
export async function turnUntil(isTrue: () => boolean): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  try {
    do {
      await new Promise<void>((resolve) => {
        port1.onmessage = () => resolve();
        port2.postMessage(0);
      });
    } while (!isTrue());
  } finally {
    port1.close();
    port2.close();
  }
}
