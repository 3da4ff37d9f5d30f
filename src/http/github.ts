import { z } from 'zod'
import type { Push } from '../chain/intake-decision.ts'
import { badRequest } from './errors.ts'

export const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: git allows none in a ref
export const REF = /^refs\/(?!.*(?:\.\.|\/\/|@\{|\.lock$|[/.]$))[^\x00-\x20\x7f~^:?*[\\]{1,250}$/

/** What Hone reads of GitHub's push event; the rest of the payload is stored as it came. */
const PushEvent = z.object({
  ref: z.string().regex(REF, 'is no full ref name such as refs/heads/main'),
  after: z.string().regex(SHA, 'is no commit id'),
  before: z.string().regex(SHA, 'is no commit id').nullish(),
  deleted: z.boolean().default(false),
  head_commit: z
    .object({
      message: z.string().default(''),
      author: z.object({ name: z.string().nullish(), username: z.string().nullish() }).nullish(),
    })
    .nullish(),
})

/** GitHub's payload as a push. @throws HttpError 400 that names the field */
export function toPush(payload: unknown): Push {
  const result = PushEvent.safeParse(payload)
  if (!result.success) {
    const [issue] = result.error.issues
    throw badRequest(
      'bad-payload',
      `The payload is no push event: ${issue?.path.join('.') || 'it'}: ${issue?.message}.`,
      "Let GitHub send the payload, or send one in GitHub's form.",
    )
  }
  const { ref, after, before = null, deleted, head_commit } = result.data
  const head = head_commit
    ? {
        message: head_commit.message,
        author: head_commit.author?.name ?? head_commit.author?.username ?? null,
      }
    : null
  return { ref, sha: after, before, deleted, head }
}
