import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, unlinkSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

/**
 * Keeps a directory of PGlite for this process; PGlite has no lock of its own, and a second process that opens the same
 * directory silently loses data. The lock is a listening local socket: the system drops it with the process, however
 * that ends, so there is nothing stale to clean up (but the socket's file where the platform makes one).
 * @returns lets go
 * @throws Error in a sentence for the person at the terminal when another process has it
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  mkdirSync(path.dirname(directory), { recursive: true });
  const address = socketAddress(directory);
  const server = (await listen(address)) ?? (await listenOverAbandoned(address));
  if (!server) {
    throw new Error(
      `The embedded database ${directory} is in use by another process. Stop that one first, or set DATABASE_URL to a PostgreSQL server.`,
    );
  }
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function socketAddress(directory: string): string {
  const real = path.join(realpathSync(path.dirname(directory)), path.basename(directory));
  const name = `passalong-${createHash("sha256").update(real).digest("hex").slice(0, 24)}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${name}`;
  if (process.platform === "linux") return `\0${name}`; // abstract: no file (man 7 unix)
  return path.join(os.tmpdir(), `${name}.sock`);
}

/** @returns undefined when the address is taken */
function listen(address: string): Promise<net.Server | undefined> {
  const server = net.createServer((socket) => socket.end()).unref();
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => resolve(server));
  });
}

/** A socket file outlives a killed process; nobody answers on it then. */
async function listenOverAbandoned(address: string): Promise<net.Server | undefined> {
  if (!path.isAbsolute(address) || (await answers(address))) return undefined;
  unlinkSync(address);
  return listen(address);
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
