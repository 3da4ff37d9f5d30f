import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { sign } from '../../src/http/signature.ts'

const RETRY_MS = 100
const ANSWER_WITHIN_MS = 10_000

interface Hook {
  /** Asked anew for each try: a server that was started again may listen elsewhere. */
  url(): string
  secret: string
}

/**
 * Sends a push as GitHub does, signed, and sends it again under the same delivery id until it is answered with 202, as a
 * person does with "Redeliver".
 * @returns the id of the run that it made
 */
export async function sendPush({ url, secret }: Hook, sha: string, signal: AbortSignal): Promise<number> {
  const body = Buffer.from(
    JSON.stringify({
      ref: 'refs/heads/main',
      after: sha,
      head_commit: { message: 'Train', author: { name: 'Ada' } },
    }),
  )
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': sign(secret, body),
  }
  for (;;) {
    signal.throwIfAborted()
    const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
    const answer = await fetch(url(), { method: 'POST', body, headers, signal: within }).catch(() => null)
    if (answer?.status === 202) {
      // The answer itself may be cut off after its head.
      const text = await answer.text().catch(() => '')
      const run = /\/runs\/(\d+)"/.exec(text)?.[1]
      if (run) return Number(run)
    } else if (answer && answer.status < 500) {
      throw new Error(`the webhook was refused: ${answer.status} ${await answer.text()}`)
    }
    await delay(RETRY_MS)
  }
}
