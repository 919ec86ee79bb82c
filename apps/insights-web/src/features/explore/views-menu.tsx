import type { View, ViewRequest } from '@scorpiox/shared/contract';
import { useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { BookmarkIcon, CloseIcon } from '../../components/ui/icons.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { useChangeView, useViews } from '../../lib/api/views.ts';
import { errorSentence } from '../../lib/error-sentence.ts';

interface ViewsMenuProps {
  /** What is saved, but for its name. */
  readonly current: Omit<ViewRequest, 'name'>;
  readonly onShow: (view: View) => void;
}

interface ListProps extends Pick<ViewsMenuProps, 'onShow'> {
  readonly views: readonly View[];
  readonly onDelete: (id: string) => void;
}

const List = ({ views, onShow, onDelete }: ListProps) => (
  <ul className="-mx-1">
    {views.map((view) => (
      <li key={view.id} className="flex items-center rounded hover:bg-raised">
        <button
          type="button"
          onClick={() => onShow(view)}
          title={`${view.q === '' ? 'All events' : view.q} · saved by ${view.owner}`}
          className="min-h-8 min-w-0 flex-1 truncate px-2 text-left pointer-coarse:min-h-11"
        >
          {view.name}
        </button>
        {view.mayChange && (
          <button
            type="button"
            aria-label={`Delete the view ${view.name}`}
            title="Delete"
            onClick={() => onDelete(view.id)}
            className="inline-flex size-7 items-center justify-center rounded text-muted hover:text-fail pointer-coarse:size-11"
          >
            <CloseIcon className="size-3.5" />
          </button>
        )}
      </li>
    ))}
  </ul>
);

/** Saves what is shown under a name; a view of that name that one may change is replaced. */
function SaveForm({ current, views }: Pick<ViewsMenuProps, 'current'> & { readonly views: readonly View[] }) {
  const change = useChangeView();
  const [name, setName] = useState('');
  const same = views.find((view) => view.name === name.trim() && view.mayChange);
  const save = (): void => {
    const view = { ...current, name: name.trim() };
    const what =
      same === undefined ? ({ kind: 'add', view } as const) : ({ kind: 'replace', id: same.id, view } as const);
    change.mutate(what, { onSuccess: () => setName('') });
  };
  return (
    <form
      className="mt-2 flex flex-wrap gap-2 border-t border-line pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <input
        type="text"
        required
        maxLength={100}
        pattern=".*\S.*"
        aria-label="Name of the view"
        placeholder="Save this as"
        autoComplete="off"
        value={name}
        onChange={({ target }) => setName(target.value)}
        className="h-8 min-w-0 flex-1 rounded-md border border-edge bg-surface px-2 placeholder:text-muted max-sm:text-base pointer-coarse:h-10"
      />
      <Button type="submit" disabled={change.isPending}>
        {same === undefined ? 'Save' : 'Replace'}
      </Button>
      {change.isError && <Problem error={change.error} />}
    </form>
  );
}

const Problem = ({ error }: { readonly error: Error }) => (
  <p role="alert" className="w-full text-xs text-fail">
    {errorSentence(error)}
  </p>
);

/** Saved views: what one looks at often, under a name that all users see. */
export function ViewsMenu({ current, onShow }: ViewsMenuProps) {
  const { data, error } = useViews();
  const change = useChangeView();
  const views = data?.views ?? [];
  return (
    <Menu icon={<BookmarkIcon />} label="Views" title="Saved views">
      {data !== undefined && views.length === 0 && <p className="text-muted">No view is saved yet.</p>}
      <List views={views} onShow={onShow} onDelete={(id) => change.mutate({ kind: 'delete', id })} />
      {change.isError && <Problem error={change.error} />}
      {error !== null && <Problem error={error} />}
      <SaveForm current={current} views={views} />
    </Menu>
  );
}
