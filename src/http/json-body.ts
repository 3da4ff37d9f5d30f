import { raw } from 'express'
import { badRequest } from './errors.ts'

const MAX_DEPTH = 100

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = new Set([0x5b, 0x7b])
const CLOSE = new Set([0x5d, 0x7d])

/** How deep arrays and objects nest, from the bytes alone; stops counting past `limit`. */
function depthOf(bytes: Buffer, limit: number): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < bytes.length && deepest <= limit; at++) {
    const byte = bytes[at] as number
    if (inString) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (OPEN.has(byte)) deepest = Math.max(deepest, ++depth)
    else if (CLOSE.has(byte)) depth--
  }
  return deepest
}

/** @throws HttpError 400 when the bytes are no JSON, not UTF-8, or nest deeper than 100 levels */
export function parseJson(bytes: Buffer): unknown {
  if (depthOf(bytes, MAX_DEPTH) > MAX_DEPTH) {
    throw badRequest('too-deep', `The JSON nests deeper than ${MAX_DEPTH} levels.`)
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw badRequest('bad-json', 'The body is no valid JSON.', 'Send one JSON value in UTF-8.')
  }
}

/** The body's bytes as sent, whatever their type says. */
export const rawBody = (limit: number) => raw({ type: () => true, limit, inflate: false })

/** `raw` leaves an empty object, or nothing, where there was no body. */
export const bytesOf = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0))
