/** What becomes of calls to a telephone before it rings; forwarding goes before. */
export interface Diversion {
  /** They are refused as busy. */
  readonly doNotDisturb: boolean;
  /** Where they go instead: an extension in full, or an outside number; null when they are not forwarded. */
  readonly forwardTo: string | null;
}

/** What can be done with a telephone, where its switch is capable of it. */
export const DEVICE_CAPABILITIES = ['PLACE', 'DO_NOT_DISTURB', 'FORWARD'] as const;
export type DeviceCapability = (typeof DEVICE_CAPABILITIES)[number];

/** A telephone as its owner sees it. */
export interface DeviceView extends Diversion {
  readonly capabilities: readonly DeviceCapability[];
}
