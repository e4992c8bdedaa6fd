/** Reads configurations of notifications for the rules; loaded only where there is one. */
import { configOfObjects, subscribersOf } from "../notify/mod.ts";
import type { NotificationReader } from "./world.ts";

export const NOTIFICATION_READER: NotificationReader = Object.freeze<NotificationReader>({
  configOf: (configMap, { notifiers }) => configOfObjects({ configMap }, { notifiers }),
  subscribersOf,
});
