import { packageOf } from './packages.ts'

/** What is said where no network is, or the other end does not answer; several libraries put it into an error of their own. */
const NETWORK_ERRORS =
  /^(URLError|HTTPError|ConnectionError|ConnectTimeout|ConnectError|NewConnectionError|MaxRetryError|SSLError|gaierror|TimeoutError|LocalEntryNotFoundError|OfflineModeIsEnabled|CommError)$/
const NETWORK_MESSAGES =
  /name resolution|Name or service not known|URL fetch failure|Max retries exceeded|couldn't connect to|Network is unreachable|Failed to establish a new connection|Error downloading|Connection refused/i

/**
 * What to do about the exception that ended a script. Pure.
 * @param network whether the training had one; undefined where that is not known
 */
export function remedyFor(
  { error, message, traceback }: { error: string; message: string; traceback: string | null },
  network: boolean | undefined,
): string {
  if (/^(ModuleNotFoundError|ImportError)$/.test(error)) {
    return nameRemedy(message, traceback) ?? moduleRemedy(message)
  }
  if (/^(SyntaxError|IndentationError|TabError)$/.test(error)) return 'Correct the line and push again.'
  if (/^FileNotFoundError$/.test(error)) {
    return 'Commit the file, or write its path relative to the root of the repository.'
  }
  if (NETWORK_ERRORS.test(error) || NETWORK_MESSAGES.test(message)) {
    return network === false
      ? 'The training had no network: set `network: true` in hone.yaml, or commit the data.'
      : 'The address is wrong, or the other end does not answer: see whether containers of the engine reach it, or commit the data.'
  }
  return 'Correct the line and push again.'
}

const MISSING_NAME = /cannot import name '([^']{1,200})' from (partially initialized module )?'([^']{1,200})'/
/** Python's own guess, at the end of the traceback or of the message. */
const MEANT = /cannot import name '[^']{1,200}' from [^\n]*Did you mean: '([^']{1,200})'/

/** Of a module that is there, but has no such name; null for any other message. */
function nameRemedy(message: string, traceback: string | null): string | null {
  const [, name, circle, module = ''] = MISSING_NAME.exec(message) ?? []
  if (name === undefined) return null
  if (circle !== undefined) {
    return `\`${module}\` imports, directly or through others, the file that imports it: move what both need to a file of its own.`
  }
  const meant = MEANT.exec(message)?.[1] ?? (traceback === null ? undefined : MEANT.exec(traceback)?.[1])
  const [top = ''] = module.split('.')
  const pinned = packageOf(top)
  return [
    `\`${module}\` is there, but has no \`${name}\`${meant === undefined ? '.' : `: did you mean \`${meant}\`?`}`,
    pinned === null
      ? `Correct the name; if \`${top}\` is a package, pin the version that has it in requirements.txt.`
      : `Correct the name, or pin the version of \`${pinned}\` that has it in requirements.txt.`,
  ].join(' ')
}

function moduleRemedy(message: string): string {
  const module = /No module named '([\w.]+)'/.exec(message)?.[1]?.split('.')[0]
  const named = module === undefined ? null : packageOf(module)
  return named === null
    ? 'The image does not have it: add its package to requirements.txt, commit it if it is yours, or take the import out.'
    : `The image does not have it: add the line \`${named}\` to requirements.txt and push again.`
}
