/** Notices through their workflow: resent, then failed; without a transport no workflow is spent. */
import { SMTPServer } from "smtp-server";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Client, Connection } from "@temporalio/client";
import type { Dispatch, Relay } from "../../src/dispatch/index.ts";
import { openDesk, openSink, until, type Desk } from "../workflows/desk.ts";
import { services } from "../workflows/services.ts";

let desk: Desk;
let dispatch: Dispatch;
let relay: Relay;
let smtp: SMTPServer;
let refusals = 0;

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onMailFrom: (_address, _session, done) => {
      refusals -= 1;
      if (refusals < 0) done();
      else done(Object.assign(new Error("later"), { responseCode: 451 }));
    },
    onData: (stream, _session, done) => {
      stream.resume();
      stream.on("end", () => done());
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const { port } = smtp.server.address() as AddressInfo;
  desk = await openDesk(services(), { smtpUrl: `smtp://127.0.0.1:${port}` });
  dispatch = await desk.openDispatch();
  relay = dispatch.startRelay();
  await desk.runWorkers().polling;
});
afterAll(async () => {
  await relay.close();
  await desk.close();
  await new Promise<void>((resolve) => smtp.close(resolve));
});

async function settled(id: string): Promise<Awaited<ReturnType<Desk["notice"]>>> {
  await until(async () => (await desk.notice(id)).state !== "pending", `${id} is settled`);
  return await desk.notice(id);
}

describe("a notice", () => {
  it("is sent again after the mail server said later", async () => {
    refusals = 2;
    const ticket = await desk.addTicket();
    const id = await desk.addNotice({ channel: "email", to: "noc@msp.example", ticketId: ticket.id });
    expect(await settled(id)).toEqual({
      state: "sent",
      attempt_count: 3,
      errors: ["the mail server answered 451", "the mail server answered 451", null],
    });
  });

  it("has failed when all attempts are used up", async () => {
    const sink = await openSink(() => 500);
    const id = await desk.addNotice({ channel: "webhook", to: sink.url });
    expect(await settled(id)).toEqual({
      state: "failed",
      attempt_count: 4,
      errors: ["HTTP 500", "HTTP 500", "HTTP 500", "HTTP 500"],
    });
    expect(sink.requests).toHaveLength(4);
    await sink.close();
  });

  it("by e-mail is marked no_transport without a mail server, and costs no workflow", async () => {
    await relay.close();
    const bare = await desk.openDispatch({ smtpUrl: undefined });
    relay = bare.startRelay();
    const id = await desk.addNotice({ channel: "email", to: "noc@msp.example" });
    expect(await settled(id)).toMatchObject({ state: "no_transport", attempt_count: 0 });
    const connection = await Connection.connect({ address: services().temporalAddress });
    await expect(new Client({ connection }).workflow.getHandle(`notify:${id}`).describe()).rejects.toThrow();
    await connection.close();
  });
});
