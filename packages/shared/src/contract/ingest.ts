import { type Static, Type } from 'typebox';

/** Answer of `POST /api/ingest`. `accepted` counts events that are stored now, duplicates not among them. */
export const IngestResponse = Type.Object({
  received: Type.Integer(),
  accepted: Type.Integer(),
  duplicates: Type.Integer(),
  errors: Type.Array(
    Type.Object({
      /** Place in the batch, from 0. */
      index: Type.Integer(),
      code: Type.String(),
      message: Type.String(),
    }),
  ),
});
export type IngestResponse = Static<typeof IngestResponse>;
