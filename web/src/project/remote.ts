/** The address with the token as password, so that git does not ask for it. Pure. */
export function remoteWith(address: string, token: string): string {
  const url = new URL(address)
  url.username = 'hone'
  url.password = token
  return url.href
}

/** Gives the remote of a checkout that pushes already its new push token. Pure. */
export const setUrlCommand = (address: string, token: string) =>
  `git remote set-url hone ${remoteWith(address, token)}`
