import { create } from 'xmlbuilder2';
import { GatewayError } from '../../model/errors.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { valuesOf } from './parameters.ts';

/** What an answer of Verba says: the code, the action, and why it was refused. */
export interface Answer {
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

function xmlOf({ code, type, errorMessage }: Answer): string {
  const document = create({ version: '1.0', encoding: 'UTF-8' });
  const response = document
    .ele('VerbaApi')
    .ele('Response', { code: String(code), type: speakable(type) });
  if (errorMessage !== undefined) response.ele('ErrorMessage').txt(speakable(errorMessage));
  // The layout of a captured answer.
  return `${document.end({ prettyPrint: true, indent: '    ', spaceBeforeSlash: true })}\n`;
}

function textOf({ errorMessage }: Answer): string {
  return errorMessage === undefined ? 'OK' : `ERROR: ${errorMessage}`;
}

function htmlOf(content: Answer): string {
  const document = create()
    .ele('html')
    .ele('body')
    .txt(speakable(textOf(content)))
    .doc();
  return document.end({ headless: true });
}
