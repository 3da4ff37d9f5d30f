import { clean } from '../../domain/clean.ts'

/** Safe as HTML text and between the quotes of an attribute. */
export const escapeHtml = (text: string) =>
  clean(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
