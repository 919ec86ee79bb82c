// `npm start`: build the dashboard (turbo's cache makes that instant when nothing changed), then `scorpiox up`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const build = spawnSync('turbo', ['run', 'build', '--filter=@scorpiox/insights-web', '--output-logs=errors-only'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
  encoding: 'utf8',
});
if (build.status !== 0) {
  process.stderr.write(`${build.stdout}\nThe dashboard did not build; see above.\n`);
  process.exit(1);
}
// The launcher passes signals on. Where it is killed outright, nobody could stop the platform any more: stop with it.
const launcher = process.ppid;
setInterval(() => {
  if (process.ppid !== launcher) process.kill(process.pid, 'SIGTERM');
}, 500).unref();

process.argv.splice(2, 0, 'up');
await import('../apps/cli/src/main.ts');
