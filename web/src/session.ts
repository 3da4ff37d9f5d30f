import { useSyncExternalStore } from 'react'
import { ApiError, deleteAt, postJson } from './api.ts'
import { Listeners } from './listeners.ts'

/** `out`: the server asked for a token. The cookie itself is out of reach of scripts. */
type Session = 'in' | 'out'

let session: Session = 'in'
const listeners = new Listeners<void>()

function set(next: Session) {
  session = next
  listeners.call()
}

export const signedOut = () => set('out')

/** @throws ApiError 401 for a wrong token */
export async function signIn(token: string): Promise<void> {
  await postJson('/session', { token })
  set('in')
}

/** @throws ApiError the server did not end the session, which goes on */
export async function signOut(): Promise<void> {
  await deleteAt('/session').catch((error: unknown) => {
    // It had ended already.
    if (!(error instanceof ApiError && error.status === 401)) throw error
  })
  set('out')
}

export const useSession = () =>
  useSyncExternalStore(
    (listener) => listeners.add(listener),
    () => session,
  )

/** Trades the `#token=...` that the command line prints for a session, and takes it out of the address. */
export async function takeTokenFromAddress(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return
  history.replaceState(null, '', location.pathname + location.search)
  await signIn(token).catch(() => signedOut())
}
