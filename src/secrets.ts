import { createHash, randomBytes } from 'node:crypto'

/** A token, secret or session id that nobody guesses: 256 bits, safe in addresses. */
export const newSecret = () => randomBytes(32).toString('base64url')

/** What is kept of one that is only ever compared: SHA-256, in hexadecimal. */
export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
