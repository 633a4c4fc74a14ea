/** Whether users can be sent back there with a code: nothing that runs in a page, and no fragment (RFC 6749, 3.1.2). */
export const isRedirectUri = (text: string) =>
  URL.canParse(text) && /^https?:\/\/[^#]+$/.test(text) && text.length <= 2048;
