import { tmpdir } from 'node:os'
import { GitPluginError, simpleGit } from 'simple-git'
import { unavailable, userError } from '../domain/failure.ts'
import { GitFailed } from './errors.ts'

/** Neutralises what a user's own configuration may add: hooks, filters, signing, conversions, prompts. */
const CONFIG = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.autocrlf=false',
  'core.safecrlf=false',
  'core.fileMode=true',
  'core.attributesFile=/dev/null',
  'core.quotePath=false',
  'core.askPass=',
  'init.templateDir=',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'push.recurseSubmodules=no',
  'push.followTags=false',
  'gc.autoDetach=false',
  'maintenance.autoDetach=false',
  'commit.gpgSign=false',
  'tag.gpgSign=false',
  'push.gpgSign=false',
  'log.showSignature=false',
  'color.ui=false',
  'http.lowSpeedLimit=100',
  'http.lowSpeedTime=60',
  'protocol.version=2',
]

const IDENTITY = { NAME: 'Hone', EMAIL: 'hone@localhost' }

/** The only variables of git's own that its processes get; simple-git removes all others. */
const OWN = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_ALLOW_PROTOCOL',
  'GIT_TERMINAL_PROMPT',
  'GIT_OPTIONAL_LOCKS',
  'GIT_LFS_SKIP_SMUDGE',
  'GIT_LITERAL_PATHSPECS',
  'GIT_SSH_COMMAND',
  'GIT_SSL_CAINFO',
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_AUTHOR_DATE',
  'GIT_COMMITTER_DATE',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_EXEC_PATH',
]
/** Of the server's own environment: where git's configuration, its programs and its certificates lie. */
const KEPT = new Set([
  'GIT_SSL_CAINFO',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_EXEC_PATH',
])
const DROPPED = /^(?:GIT_|HONE_|EDITOR$|VISUAL$|PAGER$|PREFIX$|SSH_ASKPASS|LANG$|LANGUAGE$|LC_)/i

export type Environment = Record<string, string | undefined>

/** What git's processes see: no prompts, no other transport, plain English, nothing of Hone's own secrets. */
export function gitEnvironment(base: Environment): Record<string, string> {
  const kept = Object.entries(base).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (KEPT.has(entry[0]) || !DROPPED.test(entry[0])),
  )
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
    GIT_SSH_COMMAND: `${base.GIT_SSH_COMMAND || 'ssh'} -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=30`,
    GIT_AUTHOR_NAME: IDENTITY.NAME,
    GIT_AUTHOR_EMAIL: IDENTITY.EMAIL,
    GIT_COMMITTER_NAME: IDENTITY.NAME,
    GIT_COMMITTER_EMAIL: IDENTITY.EMAIL,
  }
}

export const configArguments = () => CONFIG.flatMap((setting) => ['-c', setting])

export interface Call {
  /** The repository, always named: git must never find another one in a folder above. */
  gitDir?: string
  workTree?: string
  env?: Record<string, string>
  input?: string | Buffer
  signal?: AbortSignal | undefined
  /** Of what it prints; more ends it. */
  maxBytes?: number | undefined
}

export interface Runner {
  environment: Environment
  /** Ends a git process that has been silent for so long. */
  stallMs: number
}

/** The code of the failure when git prints more than `maxBytes`. */
export const OUTPUT_TOO_LARGE = 'git-output-too-large'

/** After a signal, git itself is gone at once, but a helper that waits for the network may hold its pipes open. */
const GRACE_MS = 500

function instance({ environment }: Runner, call: Call, watched: Watched) {
  const git = simpleGit({
    baseDir: call.workTree ?? call.gitDir ?? tmpdir(),
    config: CONFIG,
    allowEnvironment: OWN,
    // These guards are about values that come from elsewhere; here they are the constants above, which switch things off.
    unsafe: {
      allowUnsafeHooksPath: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeTemplateDir: true,
      allowUnsafeAskPass: true,
      allowUnsafeSshCommand: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeExec: true,
    },
    completion: { onClose: true, onExit: false },
    abort: watched.signal,
    ...(call.input === undefined ? {} : { input: () => call.input }),
    errors: (error, { exitCode, stdErr }) => {
      if (error instanceof GitPluginError) return error
      return exitCode === 0 ? undefined : new GitFailed(exitCode, Buffer.concat(stdErr).toString())
    },
  })
  git.outputHandler((_, stdout, stderr) => {
    stdout.on('data', watched.printed)
    stderr.on('data', watched.alive)
  })
  return git.env({
    ...gitEnvironment(environment),
    ...(call.gitDir ? { GIT_DIR: call.gitDir } : {}),
    ...(call.workTree ? { GIT_WORK_TREE: call.workTree } : {}),
    ...call.env,
  })
}

interface Watched {
  /** Aborts when the caller's does, or when git has been silent for too long or has printed too much. */
  signal: AbortSignal
  alive(): void
  printed(chunk: Buffer): void
}

const tooMuch = (maxBytes: number) =>
  userError(
    OUTPUT_TOO_LARGE,
    `git printed more than ${Math.round(maxBytes / 1024)} KiB.`,
    'Ask git itself, in a clone.',
  )

async function guarded<T>(
  runner: Runner,
  call: Call,
  work: (git: ReturnType<typeof instance>) => PromiseLike<T>,
): Promise<T> {
  call.signal?.throwIfAborted()
  const ended = new AbortController()
  const timer = setTimeout(() => {
    const seconds = Math.round(runner.stallMs / 1000)
    ended.abort(
      unavailable(
        'git-host-unreachable',
        `git got no answer for ${seconds} s.`,
        'Check the network and the git server; Hone tries again by itself.',
      ),
    )
  }, runner.stallMs)
  const { maxBytes = Number.POSITIVE_INFINITY } = call
  let bytes = 0
  const watched: Omit<Watched, 'signal'> = {
    alive: () => void timer.refresh(),
    printed(chunk) {
      timer.refresh()
      bytes += chunk.length
      if (bytes > maxBytes) ended.abort(tooMuch(maxBytes))
    },
  }
  const signal = call.signal ? AbortSignal.any([call.signal, ended.signal]) : ended.signal
  let leave = () => {}
  const left = new Promise<never>((_, reject) => {
    leave = () => setTimeout(() => reject(signal.reason), GRACE_MS)
  })
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([work(instance(runner, call, { ...watched, signal })), left])
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', leave)
  }
}

/** Runs git and answers what it printed. @throws GitFailed for any exit code but 0 */
export const git = (runner: Runner, args: string[], call: Call = {}): Promise<string> =>
  guarded(runner, call, (git) => git.raw(args))

/** The bytes of a blob. @throws GitFailed */
export const blob = (runner: Runner, oid: string, call: Call): Promise<Buffer> =>
  guarded(runner, call, (git) => git.binaryCatFile(['blob', oid]) as PromiseLike<Buffer>)

/** Whether git ends with 0. */
export async function succeeds(runner: Runner, args: string[], call: Call): Promise<boolean> {
  try {
    await git(runner, args, call)
    return true
  } catch (error) {
    if (error instanceof GitFailed) return false
    throw error
  }
}
