import type { OurSession } from '../../ops/tmux/sessions.ts';
import type { Fields } from '../../output/fields.ts';

/** What `--json` prints of a session: an interface, see docs/cli.md. */
export const SESSION_SHAPE = '{session, project, model, container, attached, windows, created, folder}';

export const sessionFields = ({ name, model, origin, attached, windows, createdAt }: OurSession): Fields => ({
  session: name,
  project: origin.project,
  model,
  container: origin.container?.name ?? '',
  attached,
  windows,
  created: createdAt.toISOString(),
  folder: origin.folder,
});
