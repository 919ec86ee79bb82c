// A checker of its own for ENVELOPE, BODY and BODYSTRUCTURE: reads wire text by the grammar of RFC 3501 §9 and throws where
// it is not legal. It shares nothing with the code that writes it.

class Reader {
  at = 0;
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  fail(what: string): never {
    throw new Error(
      `${what} expected at ${this.at}: ${JSON.stringify(this.text.slice(Math.max(0, this.at - 40), this.at + 20))}`,
    );
  }

  eat(token: string): void {
    if (!this.text.startsWith(token, this.at)) this.fail(JSON.stringify(token));
    this.at += token.length;
  }

  has(token: string): boolean {
    return this.text.startsWith(token, this.at);
  }

  match(pattern: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = this.at;
    const match = sticky.exec(this.text);
    if (match !== null) this.at += match[0].length;
    return match;
  }

  number(): number {
    return Number((this.match(/[0-9]+/) ?? this.fail('number'))[0]);
  }

  string(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: quoted strings may hold most of them
    const quoted = this.match(/"((?:[\x01-\x09\x0b\x0c\x0e-\x21\x23-\x5b\x5d-\x7f]|\\["\\])*)"/);
    if (quoted !== null) return (quoted[1] ?? '').replace(/\\(.)/g, '$1');
    const announced = this.match(/\{([0-9]+)\}\r\n/) ?? this.fail('string');
    const value = this.text.slice(this.at, this.at + Number(announced[1]));
    if (value.length !== Number(announced[1]) || /[\0\u0100-\uffff]/.test(value)) this.fail('octets');
    this.at += value.length;
    return value;
  }

  nstring(): string | null {
    return this.match(/NIL/) === null ? this.string() : null;
  }

  /** `"(" 1*item ")"` with `gap` between, or NIL */
  list(item: () => void, gap: string): void {
    if (this.match(/NIL/) !== null) return;
    this.eat('(');
    item();
    while (!this.has(')')) {
      this.eat(gap);
      item();
    }
    this.eat(')');
  }
}

function address(r: Reader): void {
  r.eat('(');
  const fields: (string | null)[] = [];
  for (let i = 0; i < 4; i++) {
    if (i > 0) r.eat(' ');
    fields.push(r.nstring());
  }
  const [, , mailbox, host] = fields;
  if (mailbox === null && host !== null) r.fail('mailbox');
  r.eat(')');
}

function envelope(r: Reader): void {
  r.eat('(');
  r.nstring();
  r.eat(' ');
  r.nstring();
  for (let i = 0; i < 6; i++) {
    r.eat(' ');
    r.list(() => address(r), '');
  }
  r.eat(' ');
  r.nstring();
  r.eat(' ');
  r.nstring();
  r.eat(')');
}

function parameters(r: Reader): void {
  r.list(() => {
    r.string();
    r.eat(' ');
    r.string();
  }, ' ');
}

/** `body-fld-dsp SP body-fld-lang SP body-fld-loc` */
function extension(r: Reader): void {
  if (r.match(/NIL/) === null) {
    r.eat('(');
    r.string();
    r.eat(' ');
    parameters(r);
    r.eat(')');
  }
  r.eat(' ');
  r.list(() => void r.string(), ' ');
  r.eat(' ');
  r.nstring();
}

function body(r: Reader, extended: boolean): void {
  r.eat('(');
  if (r.has('(')) {
    while (r.has('(')) body(r, extended);
    r.eat(' ');
    r.string();
    if (extended) {
      r.eat(' ');
      parameters(r);
      r.eat(' ');
      extension(r);
    }
  } else {
    single(r, extended);
  }
  r.eat(')');
}

function single(r: Reader, extended: boolean): void {
  const type = r.string().toLowerCase();
  r.eat(' ');
  const subtype = r.string().toLowerCase();
  r.eat(' ');
  parameters(r);
  for (const field of ['id', 'description']) {
    r.eat(' ');
    if (field !== '') r.nstring();
  }
  r.eat(' ');
  r.string();
  r.eat(' ');
  r.number();
  // message/global may be encoded, and is a basic part then (RFC 6532 §3.7).
  const isGlobal = subtype === 'global' && r.has(' (');
  const isMessage = type === 'message' && (subtype === 'rfc822' || isGlobal);
  if (isMessage) {
    r.eat(' ');
    envelope(r);
    r.eat(' ');
    body(r, extended);
  }
  if (type === 'text' || isMessage) {
    r.eat(' ');
    r.number();
  }
  if (!extended) return;
  r.eat(' ');
  r.nstring();
  r.eat(' ');
  extension(r);
}

function whole(text: string, read: (r: Reader) => void): void {
  const r = new Reader(text);
  read(r);
  if (r.at !== text.length) r.fail('the end');
}

export const checkEnvelope = (text: string): void => whole(text, envelope);
export const checkBody = (text: string): void => whole(text, (r) => body(r, false));
export const checkBodyStructure = (text: string): void => whole(text, (r) => body(r, true));
