/** Every limit of projects' sessions, with its reason. */

/** tmux has not answered after this, milliseconds: its server hangs. It takes some milliseconds. */
export const TMUX_TIMEOUT_MS = 15_000;

/** Characters of a project's name: what a folder's name may have on most systems. */
export const PROJECT_NAME_MAX = 255;

/** Projects that are named where one was not found: a glance. */
export const NEAR_PROJECTS = 5;

/** Variables of `--env` or `--env-file`: more is no list that somebody wrote. */
export const ENV_VARIABLES_MAX = 100;

/** Octets of those of `--env`: they are in one message to tmux up to four times, and it takes 16 KB. */
export const ENV_OCTETS_MAX = 2 * 1024;

/** Octets of a file of variables; without a container they are in such a message once, and their names a second time. */
export const ENV_FILE_MAX = 4 * 1024;

/** Octets of text that are sent in one message to tmux, which takes 16 KB. */
export const SEND_PIECE = 4 * 1024;

/** Octets of text that `send` takes: a long prompt. What is larger belongs in a file. */
export const SEND_MAX = 256 * 1024;

/** Lines of a pane that are shown unless told otherwise: what fits a screen. */
export const LINES_SHOWN = 40;

/** The most lines of a pane that are asked for: tmux keeps 2,000 unless told otherwise. */
export const LINES_MAX = 50_000;

/** Between two looks at a pane that is watched, milliseconds: soon enough to a reader, and tmux answers in some. */
export const WATCH_LOOK_MS = 400;

/** How long a warning stands in tmux's status line, milliseconds: time to read it twice; any key takes it away. */
export const SENTENCE_SHOWN_MS = 10_000;
