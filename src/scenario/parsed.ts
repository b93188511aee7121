/** What reading one piece of text gives: a value, or what is wrong with the text and what to write in its place. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly hint: string };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const refused = (message: string, hint: string): Parsed<never> => ({ ok: false, message, hint });
