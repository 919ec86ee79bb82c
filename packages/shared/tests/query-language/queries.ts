import fc from 'fast-check';

/** Pieces of which queries are made, right ones and wrong ones. */
const PIECES = [
  ...[
    'app:shop',
    'kind:request',
    'duration:>500ms',
    'duration:100ms..2s',
    'status:5xx',
    'status:>=400',
    'status:"5xx"',
  ],
  ...[
    'user:42',
    'name:GET*',
    'name:="GET /"',
    '-name:health',
    'success:false',
    'severity:>=warning',
    'severity:<error',
  ],
  ...[
    'properties.tenant:acme',
    'properties."a key":x*y',
    'measurements.items:>3',
    'operation:abc',
    'trace:abc*',
    'user:*',
  ],
  ...[
    '"free text"',
    'word',
    'two*words',
    '*',
    '"a\\"b\\\\"',
    'value:-1.5e3',
    'count:1..2',
    'message:"x y"*z',
    'level:info',
  ],
  ...[
    '(',
    ')',
    ' OR ',
    ' AND ',
    ' NOT ',
    '-',
    ' ',
    ' ',
    ' ',
    '"',
    ':',
    '*',
    '..',
    '>',
    '=',
    '\\',
    'nothing:here',
    'é',
    '😀',
  ],
];

/** Texts that are nearly queries. */
export const queryTexts = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
    ),
    {
      maxLength: 14,
    },
  )
  .map((pieces) => pieces.join(''));

const terms = fc.constantFrom(
  ...PIECES.filter((piece) => /^-?[\w."]/.test(piece) && piece.length > 3 && !piece.startsWith('nothing')),
);

/** Texts that are queries. */
export const goodQueryTexts: fc.Arbitrary<string> = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    terms,
    fc.tuple(tie('query'), tie('query')).map(([a, b]) => `${a} ${b}`),
    fc.tuple(tie('query'), tie('query')).map(([a, b]) => `(${a} OR ${b})`),
    tie('query').map((a) => `-(${a})`),
  ),
})).query;
