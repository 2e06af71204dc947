/** Short keys for long texts, so that an index takes them. Pure. */
import { hash } from "node:crypto";

const DELIVERY_HEX = 32;
const SOURCE_HEX = 16;

/** Key of alert_deliveries: 16 bytes for the delivery id, then 8 for the source. Hex. */
export function deliveryKey(source: string, deliveryId: string): string {
  return deliveryKeyStart(deliveryId) + hash("sha256", source).slice(0, SOURCE_HEX);
}

/** What all keys of a delivery id begin with, whatever the source. Hex. */
export function deliveryKeyStart(deliveryId: string): string {
  return hash("sha256", deliveryId).slice(0, DELIVERY_HEX);
}

/** Key of alert_counts. Hex. */
export function countKeyDigest(key: string): string {
  return hash("sha256", key);
}
