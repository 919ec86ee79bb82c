// Podman for tests, with nothing of the machine's: storage, configuration and state are below one folder, and so is an image
// that comes from no registry, made of Debian's static busybox.
import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { vi } from 'vitest';

const run = promisify(execFile);

/** What the tests' containers are made of. */
export const IMAGE = 'localhost/scorpiox-test:1';
/** One without a shell. */
export const BARE_IMAGE = 'localhost/scorpiox-bare:1';

const PROGRAMS = [
  ...['cat', 'echo', 'env', 'false', 'grep', 'hostname', 'kill', 'ls', 'printf', 'ps', 'pwd', 'setsid', 'sh'],
  ...['sleep', 'stty', 'touch', 'true'],
];

export interface Podman {
  /** What makes podman use this and nothing else. */
  readonly env: { readonly CONTAINERS_CONF: string; readonly CONTAINERS_STORAGE_CONF: string };
  /** Runs it; what it prints. */
  (...args: readonly string[]): Promise<string>;
  /** Removes all containers and all files. */
  close(): Promise<void>;
}

/**
 * Podman in a new folder below this one. The settings are those that work where limits may not be raised, cgroups are of
 * two kinds and there is no network to make: inside a container, for one.
 */
export async function openPodman(below: string): Promise<Podman> {
  const home = join(below, 'podman');
  const env = { CONTAINERS_CONF: join(home, 'containers.conf'), CONTAINERS_STORAGE_CONF: join(home, 'storage.conf') };
  await mkdir(home);
  const settings = ['default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]', 'netns = "none"'];
  const engine = ['runtime = "runc"', 'cgroup_manager = "cgroupfs"', 'events_logger = "file"', 'lock_type = "file"'];
  const places = [`tmp_dir = "${home}/tmp"`, `static_dir = "${home}/static"`, `volume_path = "${home}/volumes"`];
  await writeFile(env.CONTAINERS_CONF, ['[containers]', ...settings, '[engine]', ...engine, ...places, ''].join('\n'));
  const storage = ['driver = "vfs"', `graphroot = "${home}/graph"`, `runroot = "${home}/run"`];
  await writeFile(env.CONTAINERS_STORAGE_CONF, ['[storage]', ...storage, ''].join('\n'));
  const podman = async (...args: readonly string[]) =>
    (await run('podman', args, { env: { ...process.env, ...env } })).stdout.trim();
  const close = async () => {
    await podman('rm', '--all', '--force', '--time', '0');
    // What tidies up after a session or a container would make the folders again.
    await vi.waitUntil(async () => !(await isUsed(home)), { timeout: 30_000, interval: 50 });
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  await Promise.all([
    makeImage(join(home, 'rootfs'), PROGRAMS, IMAGE, { ...process.env, ...env }),
    makeImage(join(home, 'bare'), ['sleep'], BARE_IMAGE, { ...process.env, ...env }),
  ]);
  return Object.assign(podman, { env, close });
}

/** Whether a process has this folder in its environment. */
async function isUsed(folder: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')));
  return environments.some((environment) => environment.includes(folder));
}

async function makeImage(
  root: string,
  programs: readonly string[],
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  for (const folder of ['bin', 'etc', 'root', 'tmp']) await mkdir(join(root, folder), { recursive: true });
  await copyFile('/bin/busybox', join(root, 'bin/busybox'));
  for (const program of programs) await symlink('busybox', join(root, 'bin', program));
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  const tar = spawn('tar', ['-C', root, '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const change = 'CMD ["sleep", "2147483647"]';
  const podman = spawn('podman', ['import', '--quiet', '--change', change, '-', name], {
    env,
    stdio: [tar.stdout, 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve) => podman.once('close', resolve));
  if (code !== 0) throw new Error(`podman import ended with ${code}`);
}
