import { describe, expect, it } from 'vitest';
import { parseAbsolutePath } from '../../src/ops/refs/absolute-path.ts';
import { searchFor } from '../../src/ops/refs/match.ts';
import { replaceHits } from '../../src/ops/refs/replace.ts';
import { utf16 } from './support.ts';

const path = (text: string) => {
  const parsed = parseAbsolutePath(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};
const find = (text: string | Buffer, from = '/Volumes/GitHub') =>
  searchFor(path(from)).inFile(typeof text === 'string' ? Buffer.from(text) : text);
/** What was found in a text: the spellings of hits, and why the others are none. */
const told = (text: string | Buffer, from?: string) => {
  const { hits, nearMisses } = find(text, from);
  return [...hits.map(({ spelling }) => spelling), ...nearMisses.map(({ why }) => `(${why})`)].join(' ');
};
const moved = (text: string, to = '/codebases', from = '/Volumes/GitHub') => {
  const octets = Buffer.from(text);
  return replaceHits(octets, find(octets, from).hits, path(to)).toString();
};

describe('a path that is looked for', () => {
  it.each([
    ['/Volumes/GitHub', '/Volumes/GitHub'],
    ['//Volumes//GitHub/', '/Volumes/GitHub'],
    ["/Volumes/Bob's Mac/é", "/Volumes/Bob's Mac/é"],
  ])('%s', (written, text) => expect(path(written).text).toBe(text));

  it.each([
    '',
    'Volumes',
    './x',
    '/',
    '//',
    '/a/../b',
    '/a/./b',
    '/a%20b',
    '/a\\b',
    '/a"b',
    '/a\nb',
    `/${'x'.repeat(600)}`,
  ])('%j is refused with a reason', (written) =>
    expect(parseAbsolutePath(written)).toMatchObject({ ok: false, error: expect.stringMatching(/\.$/) }));
});

describe('each spelling is found, and answered in kind', () => {
  it.each([
    ['plain', '/Volumes/GitHub/app/x', '/codebases/app/x'],
    ['json', '"\\/Volumes\\/GitHub\\/app"', '"\\/codebases\\/app"'],
    ['url', 'open?p=%2FVolumes%2FGitHub%2Fapp', 'open?p=%2Fcodebases%2Fapp'],
    ['url', 'open?p=%2fVolumes%2fGitHub%2fapp', 'open?p=%2fcodebases%2fapp'],
    ['url-twice', 'q=%252FVolumes%252FGitHub%252Fapp', 'q=%252Fcodebases%252Fapp'],
    ['url-twice', 'q=%252fVolumes%252fGitHub', 'q=%252fcodebases'],
    ['backslash', 'cd \\Volumes\\GitHub\\app', 'cd \\codebases\\app'],
    ['double-backslash', '"\\\\Volumes\\\\GitHub\\\\app"', '"\\\\codebases\\\\app"'],
    ['unicode', '"\\u002FVolumes\\u002FGitHub\\u002fapp"', '"\\u002Fcodebases\\u002fapp"'],
    ['unicode', '"\\u002fVolumes\\u002fGitHub"', '"\\u002fcodebases"'],
    ['mixed', '/Volumes\\/GitHub', '/codebases'],
    ['mixed', '%2FVolumes/GitHub/x', '%2Fcodebases/x'],
    ['deeper', '"{\\"p\\":\\"\\\\\\/Volumes\\\\\\/GitHub\\"}"', '"{\\"p\\":\\"\\\\\\/codebases\\"}"'],
    ['deeper', '%25252FVolumes%25252FGitHub', '%25252Fcodebases'],
  ])('%s: %s', (spelling, text, after) => {
    expect(told(text)).toBe(spelling);
    expect(moved(text)).toBe(after);
  });

  it('separators of a longer path are those that were found, the last of them for all that follow', () => {
    expect(moved('/Volumes\\/GitHub/x', '/a/b/c')).toBe('/a\\/b\\/c/x');
    expect(moved('"\\\\Volumes\\\\GitHub"', '/a/b/c')).toBe('"\\\\a\\\\b\\\\c"');
  });

  it.each([
    ['file:///Volumes/My%20Code/é', 'file:///new%20place/%C3%BC/é'],
    ['p=%2FVolumes%2FMy%20Code', 'p=%2Fnew%20place%2F%C3%BC'],
    ['p=%252FVolumes%252FMy%2520Code', 'p=%252Fnew%2520place%252F%25C3%25BC'],
    ['cd /Volumes/My\\ Code/x', 'cd /new\\ place/ü/x'],
    ['"/Volumes/My Code/x"', '"/new place/ü/x"'],
    ['"\\/Volumes\\/My\\u0020Code"', '"\\/new place\\/\\u00fc"'],
  ])('names are escaped as they were: %s', (text, after) => {
    expect(moved(text, '/new place/ü', '/Volumes/My Code')).toBe(after);
  });

  it('letters that are not ASCII are found raw and escaped', () => {
    for (const text of [
      '/données/x',
      'file:///donn%C3%A9es',
      '%2Fdonn%c3%a9es',
      '"\\/donn\\u00e9es"',
      '"\\/donn\\u00E9es"',
    ]) {
      expect(find(text, '/données').hits, text).toHaveLength(1);
    }
    // In Latin-1 its octets are others: that is another name.
    expect(find(Buffer.from('/données', 'latin1'), '/données').hits).toHaveLength(0);
  });
});

describe('what stands before and after does not hide a hit', () => {
  it.each([
    'It was in /Volumes/GitHub.',
    'It was in /Volumes/GitHub. Now it is not.',
    'It was in /Volumes/GitHub...',
    '(/Volumes/GitHub), [/Volumes/GitHub]; </Volumes/GitHub>',
    'cc -I/Volumes/GitHub/include',
    'cc "-I/Volumes/GitHub/include" -Wl,-L/Volumes/GitHub/lib -isystem/Volumes/GitHub',
    "x='/Volumes/GitHub'",
    'x="/Volumes/GitHub"',
    '`/Volumes/GitHub`',
    'PATH=/usr/bin:/Volumes/GitHub/bin:$PATH',
    'docker run -v /Volumes/GitHub:/src -v=/Volumes/GitHub:/x',
    'PATH=/A:/Volumes/GitHub:/b://Volumes/GitHub',
    '-ffile-prefix-map=/Volumes/GitHub=/src',
    'file:///Volumes/GitHub',
    'file:/Volumes/GitHub',
    'file://localhost/Volumes/GitHub/x',
    'sqlite:////Volumes/GitHub/x.db',
    '//Volumes/GitHub',
    '/Volumes//GitHub//x',
    '\\/\\/Volumes\\/\\/GitHub',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's
    '${ROOT:-/Volumes/GitHub}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's
    '${ROOT-/Volumes/GitHub}',
    '"\\n/Volumes/GitHub\\n\\"/Volumes/GitHub\\""',
    '"a\\u0022/Volumes/GitHub\\u0022"',
    'path%3D%2FVolumes%2FGitHub%26x',
    's|/Volumes/GitHub|/codebases|',
    's#/Volumes/GitHub#/codebases#',
    's:/Volumes/GitHub:/codebases:',
    's/\\/Volumes\\/GitHub\\//\\/codebases\\//',
    '^/Volumes/GitHub$',
    '**/Volumes/GitHub**',
    '&quot;/Volumes/GitHub&quot;',
    '<string>/Volumes/GitHub</string>',
    '« /Volumes/GitHub », “/Volumes/GitHub”…',
    'cp -r /Volumes/GitHub backup/',
    'ls /Volumes/GitHub 2>/dev/null',
    '#!/Volumes/GitHub/venv/bin/python3',
    '@/Volumes/GitHub/body.json',
    '/Volumes/GitHub',
    '"/Volumes/GitHub is gone, see /codebases"',
    '\ufeff/Volumes/GitHub',
  ])('%s', (text) => {
    expect(find(text).nearMisses, told(text)).toEqual([]);
    const times = text.split(/Volumes(?:[\\/]+|%2F)GitHub/).length - 1;
    expect(find(text).hits).toHaveLength(times);
  });

  it.each([
    'echo "$X" "/Volumes/GitHub"',
    'X="/Volumes/GitHub"',
    '("a","/Volumes/GitHub")',
    '{"a":{"b":"$c"},"d":"/Volumes/GitHub"}',
    'f(x)+"/Volumes/GitHub"',
    'r"/Volumes/GitHub"',
    '`a` or `/Volumes/GitHub`',
    '[x](/Volumes/GitHub)/',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's
    '${X:-"/Volumes/GitHub"}',
  ])('quotation marks that begin it do not hide it: %s', (text) => expect(told(text)).toBe('plain'));

  it('Latin-1 around it', () => {
    expect(told(Buffer.from('é /Volumes/GitHub\xa0»\xe9', 'latin1'))).toBe('plain');
    expect(told(Buffer.from('/Volumes/GitHub\xe9', 'latin1'))).toBe('(longer-name)');
  });
});

describe('what only looks like it', () => {
  it.each([
    ['longer-name', '/Volumes/GitHubOld'],
    ['longer-name', '/Volumes/GitHub-2'],
    ['longer-name', '/Volumes/GitHub_2/x'],
    ['longer-name', '/Volumes/GitHub.bak'],
    ['longer-name', '/Volumes/GitHub./x'],
    ['longer-name', '/Volumes/GitHub~'],
    ['longer-name', '/Volumes/GitHub$SUFFIX'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's
    ['longer-name', '/Volumes/GitHub${SUFFIX}'],
    ['longer-name', '/Volumes/GitHub{,Old}'],
    ['longer-name', '/Volumes/GitHub"$SUFFIX"'],
    ['longer-name', '/Volumes/GitHub(old)/x'],
    ['longer-name', '/Volumes/GitHub@2'],
    ['longer-name', '"/Volumes/GitHub%s"'],
    ['longer-name', '/Volumes/GitHub Copy/x'],
    ['longer-name', '"/Volumes/GitHub copy 2"'],
    ['longer-name', '/Volumes/GitHub\\ Copy'],
    ['longer-name', 'file:///Volumes/GitHub%20Copy'],
    ['longer-name', '%2FVolumes%2FGitHub%20Copy'],
    ['longer-name', '%252FVolumes%252FGitHub%2520Copy'],
    ['longer-name', '%2FVolumes%2FGitHub-2'],
    ['longer-name', '"/Volumes/GitHub Archive/x"'],
    ['longer-name', '/Volumes/GitHubé'],
    ['longer-name', '/Volumes/GitHub.é'],
    ['longer-name', '"\\/Volumes\\/GitHub\\u0032"'],
    ['longer-path', '/mnt/Volumes/GitHub'],
    ['longer-path', '%2Fmnt%2FVolumes%2FGitHub'],
    ['longer-path', '\\/mnt\\/Volumes\\/GitHub'],
    ['longer-path', '"C:\\\\n\\\\Volumes\\\\GitHub"'],
    ['longer-path', './Volumes/GitHub'],
    ['longer-path', '~/Volumes/GitHub'],
    ['longer-path', '$HOME/Volumes/GitHub'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's
    ['longer-path', '${HOME}/Volumes/GitHub'],
    ['longer-path', '$(pwd)/Volumes/GitHub'],
    ['longer-path', '"$HOME"/Volumes/GitHub'],
    ['longer-path', '$HOME"/Volumes/GitHub"'],
    ['longer-path', '{"run": "ls \\"$HOME\\"/Volumes/GitHub"}'],
    ['longer-path', '"$(pwd)"/Volumes/GitHub'],
    ['longer-path', '"$(dirname "$0")"/Volumes/GitHub'],
    ['longer-path', '"$ROOT/x"/Volumes/GitHub'],
    ['longer-path', '`pwd`/Volumes/GitHub'],
    ['longer-path', '%USERPROFILE%\\Volumes\\GitHub'],
    ['longer-path', '**/Volumes/GitHub'],
    ['longer-path', 'my-app/Volumes/GitHub'],
    ['longer-path', 'é/Volumes/GitHub'],
    ['other-host', 'smb://nas/Volumes/GitHub'],
    ['other-host', 'smb://Volumes/GitHub'],
    ['other-host', 'smb:\\/\\/nas\\/Volumes\\/GitHub'],
    ['other-host', 'smb%3A%2F%2Fnas%2FVolumes%2FGitHub'],
    ['other-host', 'https://example.org/Volumes/GitHub'],
    ['other-host', 'https://example.org:8080/a/Volumes/GitHub'],
    ['other-host', 'ssh://git@example.org/Volumes/GitHub/x.git'],
    ['other-host', 'git@example.org:/Volumes/GitHub/x.git'],
    ['other-host', '\\\\Volumes\\GitHub'],
    ['other-host', '"\\\\\\\\Volumes\\\\GitHub"'],
    ['on-a-drive', 'D:\\Volumes\\GitHub'],
    ['on-a-drive', '"d:\\\\Volumes\\\\GitHub"'],
    ['on-a-drive', 'C:/Volumes/GitHub'],
    ['on-a-drive', 'file:///C:/Volumes/GitHub'],
    ['other-case', '/volumes/github'],
    ['other-case', '/Volumes/github/x'],
    ['other-case', '"\\/VOLUMES\\/GITHUB"'],
  ])('%s: %s', (why, text) => {
    expect(told(text)).toBe(`(${why})`);
    expect(moved(text)).toBe(text);
  });

  it('one name behind one backslash may be anything', () => {
    expect(told('\\data', '/data')).toBe('(ambiguous)');
    expect(told('"\\\\data\\\\x"', '/data')).toBe('double-backslash');
  });

  it.each([
    'Volumes/GitHub',
    'VolumesGitHub',
    '/Volumes',
    '/GitHub',
    '/Volumes/x/GitHub',
    '/mnt/volumes/github',
    '/mnt/Volumes/GitHubOld',
  ])('%s is not even that', (text) => expect(told(text)).toBe(''));

  it('a path within what only looked like one is found', () => {
    expect(find('/a/a/a', '/a/a').hits).toEqual([expect.objectContaining({ at: 0, length: 4 })]);
    expect(find('~/Volumes/GitHub:/Volumes/GitHub').hits).toEqual([expect.objectContaining({ at: 17 })]);
  });
});

describe('places', () => {
  it('are octets and lines of the file', () => {
    const text = 'é\r\n\n x=/Volumes/GitHub/é\n/Volumes/GitHub';
    expect(find(text).hits).toMatchObject([
      { at: 8, length: 15, line: 3 },
      { at: Buffer.from(text).length - 15, length: 15, line: 4 },
    ]);
  });
});

describe('UTF-16', () => {
  const text = 'Pfad: "/Volumes/GitHub/größe"\r\nurl=file:///Volumes/GitHub ~/Volumes/GitHub\r\n/Volumes/GitHubOld ∞';

  it.each([
    ['utf-16le', true],
    ['utf-16le', false],
    ['utf-16be', true],
    ['utf-16be', false],
  ] as const)('%s, with a mark: %s', (encoding, hasMark) => {
    const octets = utf16(text, encoding, hasMark);
    const found = find(octets);
    expect(found.content).toBe(encoding);
    expect(found.hits).toMatchObject([
      { at: (hasMark ? 2 : 0) + 14, length: 30, line: 1, encoding, spelling: 'plain' },
      { line: 2, encoding },
    ]);
    expect(found.nearMisses.map(({ why }) => why)).toEqual(['longer-path', 'longer-name']);
    const after = replaceHits(octets, found.hits, path('/neue Größe'));
    const expected = text
      .replace('"/Volumes/GitHub', '"/neue Größe')
      .replace('///Volumes/GitHub', '///neue%20Gr%C3%B6%C3%9Fe');
    expect(after).toEqual(utf16(expected, encoding, hasMark));
  });

  it('odd octets at the end stay', () => {
    const octets = Buffer.concat([utf16('/Volumes/GitHub', 'utf-16le', true), Buffer.of(7)]);
    const after = replaceHits(octets, find(octets).hits, path('/x'));
    expect(after).toEqual(Buffer.concat([utf16('/x', 'utf-16le', true), Buffer.of(7)]));
  });
});

describe('binaries', () => {
  it('are told to be such, with their hits, in octets and in UTF-16 at any place', () => {
    const path16 = utf16(' /Volumes/GitHub/x ', 'utf-16le', false);
    const octets = Buffer.concat([
      Buffer.from('\x7fELF\0\0\x01/Volumes/GitHub/lib\0'),
      path16,
      Buffer.from('\0\0\0xx'),
      path16,
      Buffer.of(0, 1, 1),
      utf16(' /Volumes/GitHub/y ', 'utf-16be', false),
      Buffer.of(1, 2, 0),
    ]);
    const found = find(octets);
    expect(found.content).toBe('binary');
    expect(found.hits).toHaveLength(4);
    for (const { at, length } of found.hits) {
      expect(
        octets
          .subarray(at, at + length)
          .toString('latin1')
          .replaceAll('\0', ''),
      ).toBe('/Volumes/GitHub');
    }
  });

  it('a zero far behind the beginning makes one too', () => {
    expect(find(`/Volumes/GitHub${' '.repeat(10_000)}\0`).content).toBe('binary');
  });
});
