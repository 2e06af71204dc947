/** Short keys for long texts, so that an index takes them. Pure. */
import { hash } from "node:crypto";

const DELIVERY_HEX = 32;
const SOURCE_HEX = 16;

/** Key of alert_deliveries: 16 bytes for the delivery id, then 8 for the source. Hex. */
export function deliveryKey(source: string, deliveryId: string): string {
  return hash("sha256", deliveryId).slice(0, DELIVERY_HEX) + hash("sha256", source).slice(0, SOURCE_HEX);
}

/** All keys of a delivery id, whatever the source: from, to (both in). Hex. */
export function deliveryKeyRange(deliveryId: string): readonly [from: string, to: string] {
  const start = hash("sha256", deliveryId).slice(0, DELIVERY_HEX);
  return [start + "0".repeat(SOURCE_HEX), start + "f".repeat(SOURCE_HEX)];
}
