import { type Static, Type } from 'typebox';

/** Every error of the API: a code for programs, a sentence for people, the field or column where there is one. */
export const ErrorResponse = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    field: Type.Optional(Type.String()),
    /** Where in the field it is, from 1: for queries. */
    column: Type.Optional(Type.Integer()),
  }),
});
export type ErrorResponse = Static<typeof ErrorResponse>;
