import { type Static, Type } from 'typebox';

/** Body of `POST /api/views` and `PUT /api/views/:id`: what the explore page shows under a name. */
export const ViewRequest = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
    /** A query (docs/query-language.md), checked. */
    q: Type.String({ maxLength: 2000 }),
    /** As the span of a search: `now-1h`, `now`. */
    from: Type.String({ maxLength: 40 }),
    to: Type.String({ maxLength: 40 }),
    /** Fields that are shown as columns. */
    columns: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 30 }),
  },
  { additionalProperties: false },
);
export type ViewRequest = Static<typeof ViewRequest>;

/** A saved view. All users see all views. */
export const View = Type.Object({
  id: Type.String(),
  ...ViewRequest.properties,
  owner: Type.String(),
  /** ISO 8601. */
  changedAt: Type.String(),
  /** Whether whoever asks may change and delete it: its owner, and admins. */
  mayChange: Type.Boolean(),
});
export type View = Static<typeof View>;

/** Answer of `GET /api/views`: by name. */
export const ViewsResponse = Type.Object({ views: Type.Array(View) });
export type ViewsResponse = Static<typeof ViewsResponse>;
