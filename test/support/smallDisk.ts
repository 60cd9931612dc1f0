import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverAccount } from "./postgres";

/** A file system of its own that is soon full. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all of the room but so many bytes. */
  fill(left: number): void;
  /** Gives the room back. */
  free(): void;
}

/** Whether one can be made: that takes Linux, its superuser, and a container that lets it. */
export function canMountDisk(): boolean {
  const account = serverAccount();
  if (process.platform !== "linux" || account === undefined) return false;
  try {
    unmount(mount(1));
    return true;
  } catch {
    return false;
  }
}

/** Lends a disk whose owner is the account that the server runs as. */
export async function withSmallDisk(megabytes: number, use: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const path = mount(megabytes);
  const filler = join(path, "filler");
  try {
    await use({
      path,
      fill(left) {
        const { bavail, bsize } = statfsSync(path);
        writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)));
      },
      free: () => rmSync(filler),
    });
  } finally {
    unmount(path);
  }
}

function mount(megabytes: number): string {
  const path = mkdtempSync(join(tmpdir(), "tenantry-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path], { stdio: "ignore" });
  } catch (error) {
    rmdirSync(path);
    throw error;
  }
  const { uid, gid } = serverAccount() ?? { uid: 0, gid: 0 };
  chownSync(path, uid, gid);
  return path;
}

function unmount(path: string): void {
  execFileSync("umount", [path], { stdio: "ignore" });
  rmdirSync(path);
}
