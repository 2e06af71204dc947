/** The lock file serves every machine: `npm ci` refuses one that lacks some platform's package. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

describe("package-lock.json", () => {
  it("has the packages of every platform (else: node scripts/complete-lock.mjs)", () => {
    expect(() =>
      execFileSync(process.execPath, ["scripts/complete-lock.mjs", "--check"], { stdio: "pipe" }),
    ).not.toThrow();
  });

  it("names no address that packages were downloaded from", () => {
    expect(readFileSync("package-lock.json", "utf8")).not.toContain('"resolved": "http');
  });
});
