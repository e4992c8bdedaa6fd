import type { Clock } from "../../ports/clock.ts";
import type { Transport } from "./transport.ts";

/** Which client carries a request: the lease has one of its own, so that no crowd delays it. */
export type Lane = "requests" | "lease";

/** A place on a watch client. */
export interface WatchPlace {
  readonly transport: Transport;
  /** Notes that its client heard from the server. */
  heard(): void;
  /** How long ago one of the watches on its client heard from the server. */
  silentMs(): number;
  giveBack(): void;
}

/** What a fleet is made of. */
export interface FleetSetup {
  readonly clock: Clock;
  readonly watchesPerClient: number;
  open(): Transport;
}

interface WatchClient {
  readonly transport: Transport;
  watches: number;
  heardAtMs: number;
}

/**
 * All clients of one server. A server takes about 100 streams on a connection and a client opens
 * only one: the next request would hang without an error. Hence several clients, none of them full.
 */
export class Fleet {
  readonly #setup: FleetSetup;
  readonly #lanes = new Map<Lane, Transport>();
  #watchClients: WatchClient[] = [];

  constructor(setup: FleetSetup) {
    this.#setup = setup;
  }

  /** The client of a lane. */
  lane(lane: Lane): Transport {
    let transport = this.#lanes.get(lane);
    if (transport === undefined) {
      transport = this.#setup.open();
      this.#lanes.set(lane, transport);
    }
    return transport;
  }

  /** A place for one more watch. */
  watchPlace(): WatchPlace {
    const { clock, watchesPerClient } = this.#setup;
    let client = this.#watchClients.find(({ watches }) => watches < watchesPerClient);
    if (client === undefined) {
      client = { transport: this.#setup.open(), watches: 0, heardAtMs: -Infinity };
      this.#watchClients.push(client);
    }
    const taken = client;
    taken.watches++;
    return {
      transport: taken.transport,
      heard() {
        taken.heardAtMs = clock.monotonic();
      },
      silentMs: () => clock.monotonic() - taken.heardAtMs,
      giveBack: () => this.#giveBack(taken),
    };
  }

  /** Takes no more requests; those under way run to their end. */
  close(): void {
    for (const transport of this.#lanes.values()) transport.close();
    for (const { transport } of this.#watchClients) transport.close();
    this.#lanes.clear();
    this.#watchClients = [];
  }

  #giveBack(client: WatchClient): void {
    client.watches--;
    const isSpare = client.watches === 0 && this.#watchClients.length > 1;
    if (!isSpare || !this.#watchClients.includes(client)) return;
    this.#watchClients = this.#watchClients.filter((other) => other !== client);
    client.transport.close();
  }
}
