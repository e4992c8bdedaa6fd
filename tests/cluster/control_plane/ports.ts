/** Choosing ports on loopback. */

/**
 * Below the range from which kernels take the ports of outgoing connections, so that none of those
 * gets a chosen port before the server that it is for listens on it.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** As many different ports of 127.0.0.1 as are asked for, each free at this moment. */
export function chooseFreePorts(count: number): number[] {
  const listeners: Deno.Listener[] = [];
  const ports: number[] = [];
  try {
    for (let attempt = 0; ports.length < count; attempt++) {
      if (attempt >= 1_000) throw new Error(`Cannot find ${count} free ports: all tried are taken`);
      const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
      const listener = listenIfFree(port);
      if (listener === undefined) continue;
      listeners.push(listener);
      ports.push(port);
    }
  } finally {
    for (const listener of listeners) listener.close();
  }
  return ports;
}

/** Whether nothing listens on the port of 127.0.0.1. */
export function isPortFree(port: number): boolean {
  const listener = listenIfFree(port);
  listener?.close();
  return listener !== undefined;
}

function listenIfFree(port: number): Deno.Listener | undefined {
  try {
    return Deno.listen({ hostname: "127.0.0.1", port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    throw error;
  }
}
