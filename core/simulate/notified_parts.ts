/** What a run needs to tell who would be notified. Most simulations notify nobody. */
import type { NotificationConfig } from "../notify/mod.ts";
import type { Notifying, SentNotification } from "./simulated_notifications.ts";

export interface NotifiedParts {
  readonly notifying: Notifying;
  /** Takes what would have been sent. */
  readonly sent: readonly SentNotification[];
}

/** Loads the language of templates and all else that only notifications need. */
export async function notifiedParts(config: NotificationConfig): Promise<NotifiedParts> {
  const { notifyingWith } = await import("./simulated_notifications.ts");
  const sent: SentNotification[] = [];
  return { notifying: notifyingWith(config, sent), sent };
}
