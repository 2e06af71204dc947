import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { describeBytes, diskSpace, fullDiskNotice } from "../../src/supervisor/disk-space.ts";

const path = mkdtempSync(join(tmpdir(), "tocsin-disk-"));
const isMounted = ((): boolean => {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", path], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();
afterAll(() => {
  if (isMounted) execFileSync("umount", [path]);
  rmSync(path, { recursive: true, force: true });
});

it.skipIf(!isMounted)(
  "says that a disk is full, with what is left, also for a folder that is not there yet",
  () => {
    for (const folder of [path, join(path, "not", "there")]) {
      expect(diskSpace(folder)?.totalBytes).toBe(4 * 1024 * 1024);
      expect(fullDiskNotice(folder)).toBe(
        ` The disk of ${folder} is full (4 MiB left): make room, all goes on by itself.`,
      );
    }
  },
);

it("tells sizes as people say them", () => {
  expect([0, 33 * 1024 * 1024, 72.4 * 1024 ** 3].map(describeBytes)).toEqual(["0 MiB", "33 MiB", "72.4 GiB"]);
});
