import { userError } from '../domain/failure.ts'

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
/** What git's check-ref-format refuses: control characters, space, and the characters of revision syntax. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const FORBIDDEN = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\.$|\/$/

/**
 * @returns the full commit id
 * @throws HoneError `user`, `bad-commit`
 */
export function checkSha(sha: string): string {
  if (SHA.test(sha)) return sha
  throw userError(
    'bad-commit',
    `${JSON.stringify(sha.slice(0, 80))} is not a full commit id.`,
    'Give all 40 hexadecimal digits, as `git rev-parse HEAD` prints them.',
  )
}

/**
 * Accepts what `git check-ref-format` accepts below `refs/`.
 * @returns the full name of the ref
 * @throws HoneError `user`, `bad-ref`
 */
export function checkRef(ref: string): string {
  const parts = ref.split('/')
  const good =
    ref.startsWith('refs/') &&
    parts.length >= 3 &&
    ref.length <= 1000 &&
    !FORBIDDEN.test(ref) &&
    parts.every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
  if (good) return ref
  throw userError(
    'bad-ref',
    `${JSON.stringify(ref.slice(0, 200))} is not the full name of a branch.`,
    'Give it as refs/heads/main.',
  )
}

/** `main` -> `refs/heads/main`. @throws HoneError `user`, `bad-ref` */
export function branchRef(branch: string): string {
  const ref = checkRef(`refs/heads/${branch}`)
  if (branch.startsWith('-') || branch === 'HEAD') return checkRef('')
  return ref
}
