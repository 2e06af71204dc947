/** What the screenshots of the Temporal UI show: rules in which everything waits at once, and the alerts that set it going. Knows no browser. */
import { openSink } from "../../test/workflows/desk.ts";
import { RunningTocsin } from "../../test/end-to-end/running-tocsin.ts";

export interface Scene {
  readonly tocsin: RunningTocsin;
  /** What the receiver of the callouts answers from now on. */
  answer(status: number): void;
  /** Throws what was answered when it was no success. */
  // oxlint-disable-next-line typescript/no-explicit-any
  api(method: string, path: string, body?: unknown): Promise<any>;
  /** Completes a ticket and gives the delivery that follows. */
  complete(ticket: string): Promise<string>;
  /** Until the delivery has so many attempts and waits, or has ended in the state. */
  becomes(
    delivery: string,
    wanted: { readonly attempts: number } | { readonly state: string },
  ): Promise<void>;
  close(): Promise<void>;
}

export const sceneRules = (url: string): string => `
recipient "on call"
  webhook "${url}/chat"
end

callout "Close in the monitoring"
  post "${url}/close"
  body json
    number = ticket.number
  end
  retry every 30 seconds up to 10 times
  notify "on call" on failure
end

callout "Tell the billing"
  post "${url}/billing"
  body json
    number = ticket.number
  end
  retry every 1 second up to 0 times
  pause after 2 failed deliveries
  notify "on call" on failure
end

rule "Open a ticket"
  when alert received
  if alert.source is "RMM"
  then create ticket title = alert.title
end

rule "Disk stays full"
  when alert still firing after 20 minutes
  if alert.source is "Storage"
  then create ticket title = alert.title
end

rule "Backup is silent"
  when no alert for 26 hours per alert.source
  if alert.source is "Backup"
  then create ticket title = "No backup was reported"
end

rule "Nobody looks at it"
  when ticket idle for 30 minutes
  then set ticket.priority = "High"
end

rule "Weekly check"
  when every monday at 08:00
  then create ticket title = "Look at the certificates"
end

rule "Tell the monitoring"
  when ticket completed
  if ticket.source is "RMM"
  then run callout "Close in the monitoring"
end

rule "Tell the billing too"
  when ticket completed
  if ticket.queue is "Billing"
  then run callout "Tell the billing"
end
`;

export async function openScene(environment: Record<string, string> = {}): Promise<Scene> {
  let answerWith = 503;
  const sink = await openSink((_n, { path }) => (path === "/chat" ? 200 : answerWith));
  const tocsin = await RunningTocsin.prepare({ "desk.rules": sceneRules(sink.url) }, environment);
  await tocsin.start();
  const api: Scene["api"] = async (method, path, body) => {
    const { status, body: answer } = await tocsin.request(method, `/api/v1${path}`, body);
    if (status === 0 || status >= 300)
      throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
  const becomes: Scene["becomes"] = async (id, wanted) => {
    await tocsin.waitFor(
      `${id} becomes ${JSON.stringify(wanted)}`,
      async () => {
        const { state, attempts } = await api("GET", `/deliveries/${id}`);
        if ("state" in wanted) return state === wanted.state;
        return attempts.length >= wanted.attempts && state === "waiting";
      },
      5 * 60_000,
    );
  };
  return {
    tocsin,
    answer(status) {
      answerWith = status;
    },
    api,
    becomes,
    async complete(ticket) {
      await api("PATCH", `/tickets/${ticket}`, { status: "Complete" });
      const { items } = await api("GET", `/deliveries?ticket=${ticket}`);
      return items[0].id as string;
    },
    async close() {
      await tocsin.dispose();
      await sink.close();
    },
  };
}

/** Something of each kind that waits. Returns the tickets of the two alerts. */
export async function fill({ api }: Scene): Promise<readonly [string, string]> {
  await api("POST", "/organizations", { name: "Acme" });
  const [from, to] = [-60_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
  await api("POST", "/maintenance", { name: "Patch night", sources: ["Patched"], from, to });
  const send = async (source: string, title: string): Promise<{ ticket?: string }> =>
    await api("POST", "/alerts", { source, title, organization: "Acme" });
  const { ticket: first = "" } = await send("RMM", "FW-1 is offline");
  const { ticket: second = "" } = await send("RMM", "SRV-B: power supply lost");
  await send("RMM", "SRV-B: power supply lost");
  await send("Storage", "Volume D: is 95 % full");
  await send("Backup", "Backup of SRV-A done");
  await send("Patched", "SRV-C reboots");
  return [first, second];
}

/** Two deliveries of the callout for the billing fail, which pauses it; two more wait. Returns the last. */
export async function pauseBilling(scene: Scene): Promise<string> {
  let last = "";
  for (const [index, month] of ["August", "September", "October", "November"].entries()) {
    const ticket = await scene.api("POST", "/tickets", {
      title: `Invoice of ${month}`,
      queue: "Billing",
      organization: "Acme",
    });
    last = await scene.complete(ticket.number);
    if (index < 2) await scene.becomes(last, { state: "failed" });
  }
  return last;
}
