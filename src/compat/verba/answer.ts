import { create } from 'xmlbuilder2';
import { GatewayError } from '../../model/errors.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { valuesOf } from './parameters.ts';

/** An XML element: text, or further elements. */
export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content?: string | readonly Element[];
}

/** Rows below a header. */
interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What an answer carries; the pages do not agree on where it stands. */
export interface Payload {
  /** Attributes of `Response`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Below `Response`. */
  readonly inside?: readonly Element[];
  /** After `Response`. */
  readonly beside?: readonly Element[];
  /** The same for people: as TEXT and HTML. A text of one line, or rows below a header. */
  readonly text?: string;
  readonly table?: () => Table;
}

/** What an answer of Verba says: the code, the action, and why it was refused. */
export interface Answer extends Payload {
  /** 0 is success. */
  readonly code: number;
  /** The action. */
  readonly type: string;
  readonly errorMessage?: string;
}

/** The values of `responseType`, with what they give. */
const FORMATS = {
  XML: { contentType: 'text/xml; charset=UTF-8', format: xmlOf },
  HTML: { contentType: 'text/html; charset=UTF-8', format: htmlOf },
  TEXT: { contentType: 'text/plain; charset=UTF-8', format: textOf },
} as const;

/** Undefined when no such format is known; XML when the parameter is missing (Delete Call, `responseType`). */
function formatOf(request: LegacyRequest) {
  const [sent, another] = valuesOf(request, 'responseType');
  if (another !== undefined) return undefined;
  const word = sent?.toUpperCase() || 'XML';
  return word === 'XML' || word === 'HTML' || word === 'TEXT' ? FORMATS[word] : undefined;
}

/** Refuses a `responseType` that is none. */
export function checkResponseType(request: LegacyRequest): void {
  if (formatOf(request)) return;
  throw new GatewayError('BAD_INPUT', 'responseType must be XML, HTML or TEXT.');
}

/** An answer in the format that was asked for. Its HTTP status is 200 even for errors: clients read the code. */
export function answer(request: LegacyRequest, content: Answer, status = 200): Response {
  const { contentType, format } = formatOf(request) ?? FORMATS.XML;
  return new Response(format(content), { status, headers: { 'Content-Type': contentType } });
}

// What XML cannot say even escaped is replaced; no page of Verba's says anything of it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
const UNSPEAKABLE = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g;
const speakable = (text: string) => text.toWellFormed().replaceAll(UNSPEAKABLE, '\uFFFD');

function xmlOf({ code, type, errorMessage, attributes, inside = [], beside = [] }: Answer): string {
  const error = errorMessage === undefined ? [] : [{ name: 'ErrorMessage', content: errorMessage }];
  const response: Element = {
    name: 'Response',
    attributes: { code: String(code), type, ...attributes },
    content: [...error, ...inside],
  };
  const root = { name: 'VerbaApi', content: [response, ...beside] };
  return `<?xml version="1.0" encoding="UTF-8"?>${linesOf(root, '\n')}\n`;
}

/** An element in the layout of a captured answer. Written as text: a tree of nodes would take ten times as long. */
function linesOf({ name, attributes = {}, content = '' }: Element, line: string): string {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${inAttribute(value)}"`);
  const tag = `${line}<${name}${said.join('')}`;
  if (content.length === 0) return `${tag} />`;
  if (typeof content === 'string') return `${tag}>${inText(content)}</${name}>`;
  const children = content.map((child) => linesOf(child, `${line}    `)).join('');
  return `${tag}>${children}${line}</${name}>`;
}

const inText = (text: string) =>
  speakable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const inAttribute = (text: string) => inText(text).replaceAll('"', '&quot;');

type Parent = ReturnType<typeof create>;

function append(parent: Parent, { name, content }: Element): void {
  const element = parent.ele(name);
  if (typeof content === 'string') element.txt(speakable(content));
  else for (const child of content ?? []) append(element, child);
}

function textOf({ errorMessage, text = 'OK', table }: Answer): string {
  if (errorMessage !== undefined) return `ERROR: ${errorMessage}`;
  if (!table) return text;
  const { header, rows } = table();
  const lines = (row: readonly string[]) =>
    header.map((name, index) => `${name}: ${row[index] ?? ''}`).join('\n');
  return rows.map(lines).join('\n\n');
}

function htmlOf(content: Answer): string {
  const document = create();
  const body = document.ele('html').ele('body');
  if (content.table && content.errorMessage === undefined) {
    const table = content.table();
    const line = (name: string, cells: readonly string[]): Element => ({
      name: 'tr',
      content: cells.map((cell) => ({ name, content: cell })),
    });
    const rows = [line('th', table.header), ...table.rows.map((row) => line('td', row))];
    append(body, { name: 'table', content: rows });
  } else body.txt(speakable(textOf(content)));
  return document.end({ headless: true });
}
