import { createHmac, timingSafeEqual } from 'node:crypto'

/** `sha256=<hex>` over the body's bytes as they came, so that no decoding can change what is verified. */
export const sign = (secret: string, body: Buffer) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

/** Whether an `X-Hub-Signature-256` is the secret's over these bytes; in constant time. */
export function verifySignature(secret: string, body: Buffer, signature: string | undefined): boolean {
  const given = Buffer.from(signature ?? '')
  const wanted = Buffer.from(sign(secret, body))
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
