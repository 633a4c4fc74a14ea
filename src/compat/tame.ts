/** VoipNow's event ids are the longest names that any page allows. */
const LONGEST = 255;

/**
 * Whether the text can be stored and compared at all: no NUL, no half of a surrogate pair, and nothing that stands for
 * bytes which were no UTF-8: of `M%FCller` nobody could say afterwards who that was.
 */
export const isStorable = (text: string) => text.isWellFormed() && !/[\0\ufffd]/.test(text);

/** Whether the text can be a name of anything: short, and storable. */
export const isTame = (text: string) => text.length <= LONGEST && isStorable(text);
