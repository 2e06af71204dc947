import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { at, incoming, openDesk, type RunningDesk } from "./running-desk.ts";

let desk: RunningDesk;
let acme: string;
let globex: string;
beforeAll(async () => {
  desk = await openDesk(inject("postgresUrl"));
  acme = await desk.addOrganization("Acme", { "Datto RMM": "17" });
  globex = await desk.addOrganization("Globex");
  await desk.addDevice(acme, "SRV-B");
});
afterAll(async () => {
  await desk?.close();
});

let titles = 0;
async function ticketOf(parts: Parameters<typeof incoming>[1]): Promise<{
  organization_id: string;
  device_id: string | null;
  notes: readonly string[];
}> {
  titles += 1;
  const { ticket } = await desk.engine.ingest(incoming(at("23:05"), { title: `alert ${titles}`, ...parts }));
  const [row] = await desk.rows<{ organization_id: string; device_id: string | null; notes: string[] }>(
    `select organization_id, device_id, array(select text from ticket_notes n where n.ticket_id = t.id) as notes
      from tickets t where number = $1`,
    ticket,
  );
  return row!;
}

describe("whose alert it is", () => {
  it("finds the organization by name without case after trimming", async () => {
    expect(await ticketOf({ organization: "  aCME " })).toMatchObject({ organization_id: acme, notes: [] });
  });

  it("lets a mapped customer id win over the name, per source", async () => {
    expect(await ticketOf({ organization: "Globex", customerId: "17" })).toMatchObject({
      organization_id: acme,
    });
    expect(await ticketOf({ organization: "Globex", customerId: "17", source: "Other" })).toMatchObject({
      organization_id: globex,
    });
  });

  it("finds the device by name within the organization only", async () => {
    expect((await ticketOf({ organization: "Acme", device: "srv-b" })).device_id).not.toBeNull();
    expect((await ticketOf({ organization: "Globex", device: "srv-b" })).device_id).toBeNull();
  });

  it("takes the own organization without a word when neither is given", async () => {
    expect(await ticketOf({ organization: undefined })).toMatchObject({
      organization_id: desk.ownId,
      notes: [],
    });
    expect(await ticketOf({ organization: "  " })).toMatchObject({ organization_id: desk.ownId, notes: [] });
  });

  it("keeps an unmapped one, tickets it on the own organization with a note, and counts it", async () => {
    const before = desk.engine.counters().unmappedOrganizations;
    const ticket = await ticketOf({ organization: "Nobody & Sons" });
    expect(ticket.organization_id).toBe(desk.ownId);
    expect(ticket.notes.join()).toContain("Nobody & Sons");
    expect(desk.engine.counters().unmappedOrganizations).toBe(before + 1);
  });

  it("never joins alerts of two unmapped organizations", async () => {
    const title = "two strangers";
    const answers = await Promise.all(
      ["Nobody", "Somebody"].map((organization) =>
        desk.engine.ingest(incoming(at("23:05"), { title, organization })),
      ),
    );
    expect(new Set(answers.map(({ ticket }) => ticket)).size).toBe(2);
  });
});
