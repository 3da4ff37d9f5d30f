import { GitError } from 'simple-git'
import { HoneError, systemError, unavailable, userError } from '../domain/failure.ts'
import { maskUrl } from '../domain/git-url.ts'

/** git ended with an exit code other than 0. */
export class GitFailed extends GitError {
  readonly exitCode: number
  readonly stderr: string
  constructor(exitCode: number, stderr: string) {
    // Masked here, so that no log line and no cause of another error can hold a password.
    const said = maskUrl(stderr)
    super(undefined, said.trim() || `git ended with exit code ${exitCode}`)
    this.name = 'GitFailed'
    this.exitCode = exitCode
    this.stderr = said
  }
}

/** What Node says when it finds no such program. */
const NOT_INSTALLED = /spawn \S*git ENOENT/
const DISK_FULL = /No space left on device|Disk quota exceeded|unable to write sha1 filename|ENOSPC/i
const UNREACHABLE =
  /Could not resolve host|Could not resolve hostname|Failed to connect|Connection (?:refused|timed out|reset)|Operation timed out|Network is unreachable|No route to host|Operation too slow|early EOF|unexpected disconnect|The remote end hung up|HTTP 5\d\d|returned error: (?:429|5\d\d)|Temporary failure in name resolution|GnuTLS recv error|SSL_ERROR_SYSCALL|Empty reply from server|kex_exchange_identification/i
const DENIED =
  /Authentication failed|could not read (?:Username|Password)|Permission denied|Host key verification failed|terminal prompts disabled|returned error: 40[13]|dubious ownership|SSL certificate problem|server certificate verification failed|Access denied|Invalid username or (?:password|token)/i
const NOT_FOUND =
  /repository .* not found|Repository not found|does not appear to be a git repository|not a git repository|returned error: 404|does not exist|Could not find repository|no such file or directory/i
/** The server has the repository, but not what was asked for. */
const NO_COMMIT =
  /not our ref|couldn't find remote ref|no such remote ref|Server does not allow request for unadvertised object|unadvertised object/i
const NOT_SHALLOW = /dumb http transport does not support shallow|does not support shallow/i
const BROKEN =
  /object file .* is empty|loose object .* is corrupt|bad object|unable to read tree|did not send all necessary objects|packfile .* (?:is corrupt|cannot be accessed|does not match)|inflate: data stream error|missing blob|shallow file has changed|invalid sha1 pointer|fatal: bad config|bad tree object/i

export const isCommitMissing = (error: unknown) => error instanceof GitFailed && NO_COMMIT.test(error.stderr)
export const isNotShallow = (error: unknown) => error instanceof GitFailed && NOT_SHALLOW.test(error.stderr)
/** What lies on this disk is damaged, as after a power cut. */
export const isDamaged = (error: unknown) => error instanceof GitFailed && BROKEN.test(error.stderr)

/** The lines that say something: without progress, empty lines and hints. */
export const sayings = (stderr: string) =>
  stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(
      (line) =>
        line !== '' &&
        !/^(?:hint:|remote: (?:Counting|Compressing|Total|Enumerating)|Cloning into)/.test(line),
    )
    .filter((line) => !/^[A-Z][A-Za-z ]+:\s+\d+%/.test(line))
    .slice(-8)
    .join('\n')
    .slice(-2000)

export const commitMissing = (sha: string, ref: string, url: string) =>
  userError(
    'commit-missing',
    `${maskUrl(url)} has no commit ${sha} any more (pushed to ${ref}).`,
    'It was probably replaced by a forced push: push the branch again, or start a run of its newest commit.',
  )

const first = (text: string) =>
  text.split('\n').find((line) => /^(?:fatal|error|ssh)/.test(line)) ?? text.split('\n')[0] ?? ''

/**
 * What git said, as a failure that tells whose turn it is. git has one exit code for nearly everything (128), so its
 * words decide; they are stable because it always runs with LC_ALL=C.
 */
export function gitError(error: unknown, url: string | null): unknown {
  if (error instanceof HoneError) return error
  if (!(error instanceof GitFailed)) return error
  if (NOT_INSTALLED.test(error.stderr)) {
    return unavailable(
      'git-missing',
      'git is not installed, or not in the PATH of the server.',
      'Install git; Hone goes on by itself.',
      error,
    )
  }
  const said = sayings(error.stderr)
  const where = url === null ? 'The repository' : maskUrl(url)
  const detail = { detail: said }
  if (DISK_FULL.test(said)) {
    return unavailable(
      'disk-full',
      'The disk is full (ENOSPC).',
      'Free some space where HONE_DATA lies; Hone goes on by itself.',
      error,
    )
  }
  if (url === null)
    return systemError('git-failed', `git failed: ${first(said)}`, 'Hone tries again by itself.', error)
  if (DENIED.test(said)) {
    return userError(
      'access-denied',
      `${where} cannot be read: ${first(said)}`,
      'Give the account that Hone runs under access: an ssh key, a credential helper, or a token in the address.',
      detail,
    )
  }
  if (UNREACHABLE.test(said)) {
    return unavailable(
      'git-host-unreachable',
      `${where} cannot be reached: ${first(said)}`,
      'Check the network and the address; Hone tries again by itself.',
      error,
    )
  }
  if (NOT_FOUND.test(said)) {
    return userError(
      'repository-not-found',
      `There is no repository at ${where}: ${first(said)}`,
      'Check the address of the project, and that the account that Hone runs under may see it.',
      detail,
    )
  }
  return systemError(
    'git-failed',
    `git failed with ${where}: ${first(said)}`,
    'Hone tries again by itself; try the same with `git ls-remote` on the server.',
    error,
  )
}
