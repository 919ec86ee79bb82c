import type { ParsedEvent } from '@scorpiox/shared/telemetry';

/*
 * Where an exception comes from, so that those of one type and place are one group
 *
 * The place is the topmost frame of the application's own code: function and file, without line and column, which move
 * with every release (only of a function without a name the line is all there is). Frames of the runtime and of libraries
 * are passed over; where all are of those, the topmost of them is the place. Without a stack it is what the sender calls
 * it (`problemId`), and without that nothing.
 *
 * Stacks are texts that each language writes in its own way; what is read here: .NET, Java and JVM languages, JavaScript
 * (V8, and Firefox's and Safari's), Python, Ruby, PHP, Go.
 */

/** A frame: the function as the language names it, and the file; either may be missing. */
interface Frame {
  readonly method: string;
  readonly file: string;
  readonly line: string;
}

/** Lines that are looked at, and how long one may be: own code comes before that, and rubbish costs no more. */
const MOST_LINES = 200;
const MOST_IN_LINE = 500;

/** Longest place, characters. */
const MOST_LENGTH = 300;

/** The place of an exception; empty where nothing tells. */
export function placeOf({ name, properties }: Pick<ParsedEvent, 'name' | 'properties'>): string {
  const place =
    placeInStack(properties?.['exception.stack'] ?? '') || placeInProblem(name, properties?.['exception.problemId']);
  return place.slice(0, MOST_LENGTH).toWellFormed();
}

/** `System.NullReferenceException at Shop.Cart.Add` names type and place. */
function placeInProblem(type: string, problemId = ''): string {
  const at = problemId.indexOf(' at ');
  if (at >= 0) return problemId.slice(at + ' at '.length).trim();
  return problemId === type ? '' : problemId;
}

function placeInStack(stack: string): string {
  const frames = readFrames(stack);
  const frame = frames.find((one) => !isForeign(one)) ?? frames[0];
  if (frame === undefined) return '';
  const file = baseOf(frame.file);
  if (frame.method === '') return frame.line === '' ? file : `${file}:${frame.line}`;
  return file === '' ? frame.method : `${frame.method} (${file})`;
}

/** The topmost frame first. Python writes it last. */
function readFrames(stack: string): readonly Frame[] {
  const lines = stack.split('\n').map((line) => line.slice(0, MOST_IN_LINE));
  if (/^[ \t]*File "/m.test(stack)) return readPython(lines.slice(-MOST_LINES));
  if (/^goroutine \d/m.test(stack)) return readGo(lines.slice(0, MOST_LINES));
  return lines.slice(0, MOST_LINES).flatMap((line) => readFrame(line.trim()) ?? []);
}

const make = (method = '', file = '', line = ''): Frame => ({ method: method.trim(), file, line });

function readFrame(line: string): Frame | undefined {
  // at Shop.Cart.Add(String sku) in /src/Cart.cs:line 12
  const net = /^at ([^()]+)\([^)]*\) in (.+):line (\d+)$/.exec(line);
  if (net) return make(net[1], net[2], net[3]);
  // at new Cart (file:///app/cart.js:1:2), at async add (/app/cart.js:1:2), at com.shop.Cart.add(Cart.java:12)
  const named = /^at (?:async |new )?([^()]+?) ?\((.*?)(?::(\d+))?(?::\d+)?\)$/.exec(line);
  if (named) return make(named[1], isFile(named[2]) ? named[2] : '', named[3]);
  const bare = /^at (?:async )?(.+?):(\d+)(?::\d+)?$/.exec(line);
  if (bare) return make('', bare[1], bare[2]);
  // at Shop.Cart.Add
  const method = /^at ([\w.$<>`[\]]+)$/.exec(line);
  if (method) return make(method[1]);
  // #0 /app/Cart.php(12): Shop\Cart->add()
  const php = /^#\d+ (.+)\((\d+)\): ([^(]+)/.exec(line);
  if (php) return make(php[3], php[1], php[2]);
  // /app/cart.rb:12:in 'add'
  const ruby = /^(?:from )?(.+?):(\d+):in [`'](.+)'$/.exec(line);
  if (ruby) return make(ruby[3], ruby[1], ruby[2]);
  // add@https://shop.example/cart.js:1:2
  const firefox = /^([^@\s]*)@(.+?):(\d+)(?::\d+)?$/.exec(line);
  if (firefox) return make(firefox[1], firefox[2], firefox[3]);
  return undefined;
}

/** Between the brackets .NET has the types of the arguments. */
const isFile = (text = ''): boolean => /[/\\.]\w+$|^node:|^native$|^<anonymous>$/.test(text) && !/[, ]/.test(text);

function readPython(lines: readonly string[]): readonly Frame[] {
  const frames = lines.flatMap((line) => {
    const found = /^\s*File "(.+)", line (\d+), in (.+)$/.exec(line);
    return found ? [make(found[3] === '<module>' ? '' : found[3], found[1], found[2])] : [];
  });
  return frames.reverse();
}

/** `main.add(0x1)`, and below it, indented, its file. */
function readGo(lines: readonly string[]): readonly Frame[] {
  return lines.flatMap((line, index) => {
    const file = /^\s+(\S+\.go):(\d+)/.exec(lines[index + 1] ?? '');
    const method = /^([\w./*()-]+)\([^()]*\)$/.exec(line.trim());
    return file && method ? [make(method[1], file[1], file[2])] : [];
  });
}

const FOREIGN_METHOD =
  /^(?:System|Microsoft|Windows|java|javax|jdk|sun|com\.sun|kotlin|scala|org\.springframework|org\.apache|runtime|net\/http|Newtonsoft)[./$]|^panic$/;
const FOREIGN_FILE =
  /(?:^node:|^internal\/|[/\\]node_modules[/\\]|[/\\](?:site|dist)-packages[/\\]|[/\\]lib[/\\]python[\d.]*[/\\]|[/\\]vendor[/\\]|[/\\]gems[/\\]|[/\\]go[/\\]src[/\\]runtime[/\\]|^<frozen |^native$|^<anonymous>$)/;

const isForeign = ({ method, file }: Frame): boolean => FOREIGN_METHOD.test(method) || FOREIGN_FILE.test(file);

/** The file's name without its folders, which differ between machines, and without what a browser's URL adds. */
function baseOf(file: string): string {
  const [path = ''] = file.split(/[?#]/);
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
