import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a process may take until it answers. */
const START_MS = 120_000;
/** How long it may take to finish what it is doing. */
const STOP_MS = 12_000;

/** A process of the demo; what it prints goes to its log file. */
export type Running = { readonly name: string; readonly child: ChildProcess; readonly logFile: string };

/**
 * Starts a process and waits until its address answers.
 * @throws Error that names the log file when it ends before that, or takes too long
 */
export async function startProcess(
  name: string,
  args: string[],
  options: { env: Record<string, string>; answersAt: string; logFile: string },
): Promise<Running> {
  const log = createWriteStream(options.logFile, { flags: "a" });
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C reaches the demo alone, which then stops its processes in order.
    detached: true,
  });
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);
  const running = { name, child, logFile: options.logFile };
  const deadline = Date.now() + START_MS;
  while (!(await answers(options.answersAt))) {
    if (child.exitCode !== null) throw new Error(`${name} did not start; its log says why: ${options.logFile}`);
    if (Date.now() > deadline) throw new Error(`${name} does not answer; its log: ${options.logFile}`);
    await sleep(100);
  }
  return running;
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

/** Asks a process to finish and waits for it; one that does not is ended. */
export async function stopProcess({ child }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(timer);
}

/** Whether somebody listens on a port of this machine already. */
export async function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const [event] = await Promise.race([
    once(socket, "connect").then(() => ["connect"]),
    once(socket, "error").then(() => ["error"]),
  ]).catch(() => ["error"]);
  socket.destroy();
  return event === "connect";
}
