/**
 * The codec server of the Temporal UI: opens payloads that TOCSIN_TEMPORAL_CODEC_KEY sealed. The UI can send no key of ours,
 * so its address carries one that is told from the codec's key; a bearer key is not needed and not looked at.
 * Source: Temporal's remote codec protocol (POST <endpoint>/decode, {payloads}).
 */
import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { codecPath } from "../config/index.ts";
import { openPayloads } from "../dispatch/index.ts";
import { CODEC_PAYLOADS_MAX } from "../domain/index.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { Problem } from "./problem.ts";
import { readJsonBody } from "./read-request.ts";

const PATH = "/temporal-codec/:access/decode";

const payloads = z.object({
  payloads: z
    .array(z.object({ metadata: z.record(z.string(), z.base64()).optional(), data: z.base64().optional() }))
    .max(CODEC_PAYLOADS_MAX),
});

/** Nothing without a codec key: the path is then unknown. */
export function registerCodec(app: FastifyInstance, { config }: ApiDependencies): void {
  const { codecKey, uiUrl } = config.temporal;
  if (codecKey === undefined) return;
  const access = Buffer.from(codecPath(codecKey).split("/").at(-1) ?? "");
  const isKnown = (given: string): boolean => {
    const bytes = Buffer.from(given);
    return bytes.length === access.length && timingSafeEqual(bytes, access);
  };
  app.options(PATH, { config: { isOpen: true } }, (_request, reply) => allow(reply, uiUrl).code(204).send());
  app.post(PATH, { config: { isOpen: true } }, async (request, reply) => {
    allow(reply, uiUrl);
    if (!isKnown((request.params as { access: string }).access))
      throw new Problem(
        "unauthorized",
        "this is not the address of the codec server; `tocsin doctor` names it",
      );
    const asked = readPayloads(request.body);
    const opened = await openPayloads(codecKey, asked.payloads).catch(() => {
      throw new Problem("invalid_body", "a payload was sealed with another key, or is damaged");
    });
    return await reply.type("application/json; charset=utf-8").send(JSON.stringify({ payloads: opened }));
  });
}

function readPayloads(body: unknown): z.output<typeof payloads> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  return readJsonBody({ body: payloads }, bytes) as z.output<typeof payloads>;
}

/** Only pages of the Temporal UI may read the answer. */
function allow(reply: FastifyReply, uiUrl: string | undefined): FastifyReply {
  return reply
    .header("access-control-allow-origin", uiUrl === undefined ? "null" : new URL(uiUrl).origin)
    .header("access-control-allow-methods", "POST, OPTIONS")
    .header("access-control-allow-headers", "content-type, x-namespace, authorization")
    .header("access-control-max-age", "600")
    .header("vary", "origin");
}
