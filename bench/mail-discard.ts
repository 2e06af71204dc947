/** What the mail bench compares with, a process of its own: the same smtp-server that throws every message away. Prints its port. */
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

const server = new SMTPServer({
  disabledCommands: ["AUTH", "STARTTLS"],
  disableReverseLookup: true,
  logger: false,
  onData: (stream, _session, answer) => {
    stream.resume();
    stream.once("end", () => answer());
  },
});
server.listen(0, "127.0.0.1", () => {
  console.log(`port ${(server.server.address() as AddressInfo).port}`);
});
