/** The conversations in the demonstration's mailboxes. Everybody in them is invented, at names that cannot exist. */

type Person = keyof typeof PEOPLE;
export type Folder = 'INBOX' | 'Sent' | 'Archive';

export const PEOPLE = {
  demo: { name: 'Demo', address: 'demo@scorpiox.example' },
  mira: { name: 'Mira Lindqvist', address: 'mira@orchard.example' },
  jonas: { name: 'Jonas Brügger', address: 'jonas@orchard.example' },
  chidi: { name: 'Chidi Okafor', address: 'chidi@harbour.example' },
  yuki: { name: '田中 由紀', address: 'yuki@harbour.example' },
  library: { name: 'City Library', address: 'loans@library.example' },
  builds: { name: 'Build Service', address: 'builds@ci.example' },
  list: { name: 'Sailing Club', address: 'members@sailing.example' },
} as const;

export interface Letter {
  readonly from: Person;
  /** `demo` unless the letter is demo's own. */
  readonly to?: Person;
  /** Hours before the demonstration was set up. */
  readonly hoursAgo: number;
  readonly folder: Folder;
  readonly flags?: readonly string[];
  readonly text: string;
  readonly html?: true;
  readonly attach?: 'invitation' | 'table' | 'picture';
}

export interface Conversation {
  readonly subject: string;
  /** In the order in which they were written. */
  readonly letters: readonly Letter[];
}

const SEEN = ['\\Seen'];
const ANSWERED = ['\\Seen', '\\Answered'];

export const CONVERSATIONS: readonly Conversation[] = [
  {
    subject: 'Welcome to your demonstration mailbox',
    letters: [
      {
        from: 'mira',
        hoursAgo: 0.2,
        folder: 'INBOX',
        flags: ['\\Flagged'],
        html: true,
        text: 'Hello,\n\nthis mailbox is made up, so do with it what you like: flag, move, delete, search.\nThe dashboard shows each command of your mail client within a few seconds, in the row scorpiox-imap.\n\nMira',
      },
    ],
  },
  {
    subject: 'Café on Thursday?',
    letters: [
      {
        from: 'jonas',
        hoursAgo: 76,
        folder: 'Archive',
        flags: ANSWERED,
        text: 'Shall we meet at the café by the river on Thursday? They have the good Zwetschgenkuchen again.\n\nJonas',
      },
      { from: 'demo', to: 'jonas', hoursAgo: 75, folder: 'Sent', flags: SEEN, text: 'Gladly. Four o’clock?' },
      { from: 'jonas', hoursAgo: 74, folder: 'Archive', flags: SEEN, text: 'Four is fine. I will bring the maps.' },
    ],
  },
  {
    subject: 'Harbour measurements, week 46',
    letters: [
      {
        from: 'chidi',
        hoursAgo: 52,
        folder: 'INBOX',
        flags: ANSWERED,
        attach: 'table',
        text: 'The readings of last week are attached. Two of the sensors were cleaned on Tuesday, which explains the step.\n\nChidi',
      },
      {
        from: 'demo',
        to: 'chidi',
        hoursAgo: 50,
        folder: 'Sent',
        flags: SEEN,
        text: 'Thank you. Could the step be marked in the table, so that nobody takes it for a tide?',
      },
      {
        from: 'chidi',
        hoursAgo: 29,
        folder: 'INBOX',
        flags: SEEN,
        attach: 'table',
        text: 'Done; there is a column for it now.',
      },
    ],
  },
  {
    subject: '会議の資料について',
    letters: [
      {
        from: 'yuki',
        hoursAgo: 44,
        folder: 'INBOX',
        flags: SEEN,
        html: true,
        text: 'お世話になっております。\n\n来週の会議の資料をお送りします。ご確認ください。\n\n田中',
      },
      {
        from: 'demo',
        to: 'yuki',
        hoursAgo: 43,
        folder: 'Sent',
        flags: SEEN,
        text: 'ありがとうございます。月曜日までに確認します。',
      },
    ],
  },
  {
    subject: 'Invitation: planning, Monday 10:00',
    letters: [
      {
        from: 'mira',
        hoursAgo: 26,
        folder: 'INBOX',
        flags: SEEN,
        attach: 'invitation',
        text: 'We have three things to decide: the new jetty, the old boats, and who writes the report.\n\nMira',
      },
      {
        from: 'demo',
        to: 'mira',
        hoursAgo: 25,
        folder: 'Sent',
        flags: SEEN,
        text: 'I shall be there, and I can write the report.',
      },
      { from: 'mira', hoursAgo: 24.5, folder: 'INBOX', text: 'Wonderful, then that is decided already.' },
    ],
  },
  {
    subject: 'Your loans are due on Friday',
    letters: [
      {
        from: 'library',
        hoursAgo: 30,
        folder: 'INBOX',
        text: 'Dear reader,\n\ntwo of your loans are due on Friday:\n\n  The Shipping Forecast, an atlas\n  Compilers for the patient\n\nYou can extend each of them twice.',
      },
      {
        from: 'library',
        hoursAgo: 340,
        folder: 'Archive',
        flags: SEEN,
        text: 'Dear reader,\n\nthe book that you asked for is here and is kept for you until Saturday.',
      },
    ],
  },
  {
    subject: 'Spring regatta: helpers wanted',
    letters: [
      {
        from: 'list',
        hoursAgo: 120,
        folder: 'Archive',
        flags: SEEN,
        html: true,
        text: 'Dear members,\n\nthe regatta needs eight helpers: four on the water, four at the jetty. Please answer to this list.\n\nThe committee',
      },
      {
        from: 'chidi',
        hoursAgo: 118,
        folder: 'Archive',
        flags: SEEN,
        text: 'I can take the rescue boat on both days.',
      },
      {
        from: 'jonas',
        hoursAgo: 101,
        folder: 'Archive',
        flags: SEEN,
        text: 'Put me down for the jetty, please. Not on the water: last year was enough.',
      },
      { from: 'demo', to: 'list', hoursAgo: 99, folder: 'Sent', flags: SEEN, text: 'Timekeeping, as always.' },
      {
        from: 'list',
        hoursAgo: 12,
        folder: 'INBOX',
        text: 'Thank you all. We are complete, and the programme follows next week.\n\nThe committee',
      },
    ],
  },
  {
    subject: 'A photograph from the crossing',
    letters: [
      {
        from: 'jonas',
        hoursAgo: 8,
        folder: 'INBOX',
        flags: ['\\Flagged', '\\Seen'],
        attach: 'picture',
        text: 'Very small, but that is the lighthouse. Really.',
      },
      {
        from: 'demo',
        to: 'jonas',
        hoursAgo: 7,
        folder: 'Sent',
        flags: SEEN,
        text: 'I believe you. It is a very blue lighthouse.',
      },
    ],
  },
  {
    subject: 'Rent for the boathouse',
    letters: [
      {
        from: 'mira',
        hoursAgo: 700,
        folder: 'Archive',
        flags: ANSWERED,
        text: 'The rent goes up by two per cent from January. I think we should sign for five years.',
      },
      { from: 'demo', to: 'mira', hoursAgo: 690, folder: 'Sent', flags: SEEN, text: 'Agreed, five years. Who signs?' },
      { from: 'mira', hoursAgo: 688, folder: 'Archive', flags: SEEN, text: 'Chidi and I, as last time.' },
    ],
  },
  ...buildReports(),
];

/** A build service writes often and says little: what most of a mailbox is made of. */
function buildReports(): Conversation[] {
  return Array.from({ length: 10 }, (_, index): Conversation => {
    const number = 1840 + index;
    const failed = index % 4 === 3;
    const text = failed
      ? `Build ${number} of harbour-map failed.\n\nStep: test\nFirst failure: tides at the turn of the year\nDuration: 4 min 12 s`
      : `Build ${number} of harbour-map passed.\n\nDuration: ${3 + (index % 3)} min ${10 + index * 3} s`;
    const hoursAgo = 60 - index * 6.2;
    const letter: Letter = { from: 'builds', hoursAgo, folder: 'INBOX', flags: index < 7 ? SEEN : [], text };
    return { subject: `[harbour-map] build ${number} ${failed ? 'failed' : 'passed'}`, letters: [letter] };
  });
}
