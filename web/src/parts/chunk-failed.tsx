import { useEffect, useState } from 'react'
import { mayReload } from '../chunks.ts'
import { useLiveState } from '../live.ts'

const KEY = 'hone.reloaded'

/** Loads the page anew unless that was done a moment ago. @returns whether it does */
function reloadOnce(now = Date.now()): boolean {
  if (!mayReload(sessionStorage.getItem(KEY), now)) return false
  sessionStorage.setItem(KEY, String(now))
  location.reload()
  return true
}

/** Loads the page anew when the server answers; in place of the page a browser would show its own error. @returns whether it does */
async function reloadIfThere(): Promise<boolean> {
  const isThere = await fetch('/healthz', { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  )
  if (isThere) location.reload()
  return isThere
}

/**
 * In place of a part of the page that could not be loaded: the server was away, or is a newer one whose parts have other
 * names. Browsers keep such a failure, so that only a new load of the page mends it.
 */
export function ChunkFailed() {
  const live = useLiveState()
  const [asked, setAsked] = useState<'asking' | 'away' | null>(null)
  useEffect(() => {
    if (live === 'live') reloadOnce()
  }, [live])
  const again = async () => {
    setAsked('asking')
    if (!(await reloadIfThere())) setAsked('away')
  }
  return (
    <div className="notice" data-tone="warn" role="alert">
      <p>
        <strong>This part of the page could not be loaded.</strong>{' '}
        {asked === 'away'
          ? 'The server does not answer yet.'
          : 'The server did not answer, or it is a newer one than this page.'}{' '}
        The page is loaded again by itself when the connection is back.
      </p>
      <button type="button" disabled={asked === 'asking'} onClick={() => void again()}>
        Try again
      </button>
    </div>
  )
}
