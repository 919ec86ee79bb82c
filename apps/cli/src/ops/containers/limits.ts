/** Every limit of the use of containers, with its reason. */

/** An engine has not answered after this, milliseconds: it hangs. On a busy machine a container may take some seconds to start. */
export const ENGINE_TIMEOUT_MS = 60_000;

/** The same for making a container, milliseconds: an image of some gigabytes may have to be copied for it (rootless podman). */
export const MAKE_TIMEOUT_MS = 15 * 60_000;

/** How long processes have to end by themselves after each signal, milliseconds: a shell saves its history, an editor its file. */
export const PATIENCE_MS: Readonly<Record<'HUP' | 'TERM' | 'KILL', number>> = { HUP: 1_000, TERM: 2_000, KILL: 3_000 };

/** Between two looks whether they have ended, milliseconds. */
export const ENDING_LOOK_MS = 100;

/** How long the main process of a container has to stop, seconds: it only sleeps. */
export const STOP_SECONDS = 5;
