import type { PagesView } from './page.ts';

/** What an extension is. */
export const EXTENSION_KINDS = [
  'TERMINAL',
  'QUEUE',
  'CONFERENCE',
  'IVR',
  'VOICEMAIL',
  'CALLBACK',
] as const;
export type ExtensionKind = (typeof EXTENSION_KINDS)[number];

/** The user that owns an extension, as readers see it. */
export interface OwnerView {
  readonly id: string;
  /** The id that legacy URIs use. */
  readonly number: string;
  readonly username: string;
  readonly displayName: string | null;
}

/** An extension as readers see it; parts that were not asked for are absent. */
export interface ExtensionView {
  readonly id: string;
  readonly organizationId: string;
  /** As dialled in full, such as `0003*210`. */
  readonly number: string;
  /** What the organization's own phones dial, such as `210`. */
  readonly shortNumber: string;
  readonly kind: ExtensionKind;
  readonly label: string | null;
  readonly ownerId: string | null;
  readonly owner?: OwnerView | null;
  /** Pages below it, by what asked for them. */
  readonly pages?: PagesView;
}

const FULL_NUMBER = /^\d+\*(\d+)$/;

/** The short form of an extension's number: what follows the star, else the number itself. */
export const shortNumberOf = (number: string) => FULL_NUMBER.exec(number)?.[1] ?? number;

/** What an extension's number may look like. */
export const isExtensionNumber = (text: string) => /^[\d*]{1,32}$/.test(text);
