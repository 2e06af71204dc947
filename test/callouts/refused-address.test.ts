/** What can be said of a URL before anything is sent: literal addresses and localhost, nothing that needs a resolver. */
import { describe, expect, it } from "vitest";
import { buildEgressPolicy, refusedAddress } from "../../src/callouts/index.ts";

const closed = buildEgressPolicy([]);

describe("a URL of a rule file", () => {
  it.each([
    ["http://127.0.0.1:9000/x", "a loopback address"],
    ["http://localhost/x", "a loopback address"],
    ["https://LOCALHOST./x", "a loopback address"],
    ["http://rmm.localhost/x", "a loopback address"],
    ["http://[::1]/", "a loopback address"],
    ["http://[::ffff:10.0.0.1]/", "a private address"],
    ["http://169.254.169.254/latest/meta-data", "a link-local address"],
    ["http://2130706433/", "a loopback address"],
    ["http://0x7f.1/", "a loopback address"],
  ])("%s is refused as %s", (url, why) => {
    expect(refusedAddress(closed, url)).toBe(why);
  });

  it.each(["https://rmm.example.com/", "http://rmm/", "http://93.184.216.34/", "not a URL"])(
    "%s is not judged before the attempt",
    (url) => {
      expect(refusedAddress(closed, url)).toBeUndefined();
    },
  );

  it("is allowed by what the setting names, port and all", () => {
    const open = buildEgressPolicy(["127.0.0.1:9000", "10.0.0.0/8", "localhost"]);
    expect(refusedAddress(open, "http://127.0.0.1:9000/")).toBeUndefined();
    expect(refusedAddress(open, "http://127.0.0.1:9001/")).toBe("a loopback address");
    expect(refusedAddress(open, "https://10.9.8.7/")).toBeUndefined();
    expect(refusedAddress(open, "http://localhost:1/")).toBeUndefined();
  });
});
