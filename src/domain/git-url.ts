import { userError } from './failure.ts'

/** Control characters, and the invisible or bidirectional ones that make an address look like another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const HOST = String.raw`(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])`
const USER = String.raw`(?:[A-Za-z0-9_][^\s@/:?#]*(?::[^\s@/?#]*)?@)?`
const WITH_HOST = new RegExp(String.raw`^(?:https?|ssh)://${USER}${HOST}(?::\d{1,5})?/[^\s]+$`, 'i')
/** `git@host:path`, ssh in short. */
const SCP = /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?![-:/\\])[^\s:][^\s]*$/
const SCP_ABSOLUTE = /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:\/(?!\/)[^\s]+$/
const LOCAL = /^(?:file:\/\/)?\/(?!\/)[^\s]?.*$/

const refuse = (url: string, why: string) =>
  userError(
    'bad-repository-url',
    `The repository address ${JSON.stringify(maskUrl(url).slice(0, 200))} ${why}.`,
    'Give an https://, ssh:// or file:// address, git@host:path, or the absolute path of a repository.',
  )

/**
 * Lets only plain addresses of the transports through that Hone speaks: https, http, ssh (also as `git@host:path`), and
 * local repositories. Anything that git could take for an option or for a command to run is refused.
 * @returns the address as given
 * @throws HoneError `user`, `bad-repository-url`
 */
export function checkGitUrl(url: string): string {
  if (url === '') throw refuse(url, 'is empty')
  if (url.length > 2048) throw refuse(url, 'is longer than 2048 characters')
  if (UNSEEN.test(url)) throw refuse(url, 'contains a line break or another invisible character')
  if (url !== url.trim()) throw refuse(url, 'begins or ends with a space')
  if (url.startsWith('-')) throw refuse(url, 'begins with a dash, as an option would')
  if (/^[A-Za-z0-9+.-]*::/.test(url)) throw refuse(url, 'names a transport that could run commands')
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url)?.[1]?.toLowerCase()
  if (scheme !== undefined && !['https', 'http', 'ssh', 'file'].includes(scheme)) {
    throw refuse(url, `uses ${scheme}://, which Hone does not speak`)
  }
  if (scheme === undefined && /^\.{0,2}(?:\/|$)|^[^:]*$/.test(url) && !url.startsWith('/')) {
    throw refuse(url, 'is a relative path')
  }
  if (![WITH_HOST, SCP, SCP_ABSOLUTE, LOCAL].some((form) => form.test(url))) {
    throw refuse(url, 'is not an address of a git repository')
  }
  return url
}

/** Whether the repository lies on this machine. */
export const isLocal = (url: string) => url.startsWith('/') || /^file:\/\//i.test(url)

/** Hides user names and passwords of all addresses in a text. */
export const maskUrl = (text: string) => text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@')

/** What stands in the place of a password where the user's name is the token. */
const NO_PASSWORD = new Set(['', 'x-oauth-basic'])

/** A repository's address without the password or token that it may hold. */
export function withoutPassword(repoUrl: string): string {
  if (!URL.canParse(repoUrl)) return repoUrl
  const url = new URL(repoUrl)
  const isToken = /^https?:$/.test(url.protocol) && url.username !== '' && NO_PASSWORD.has(url.password)
  if (isToken) url.username = '***'
  if (url.password !== '') url.password = '***'
  return isToken || url.password !== '' ? url.href : repoUrl
}
