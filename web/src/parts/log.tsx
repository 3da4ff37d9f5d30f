import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { AttemptView } from '../../../src/http/contract.ts'
import { ApiError, apiPath, getLog } from '../api.ts'
import { plural } from '../format.ts'
import { logNotices } from '../live.ts'
import { appendLog, emptyLog, logText } from '../log-buffer.ts'

const POLL_MS = 2000
/** A notice may come before its lines are on the server's disk. */
const LATER_MS = 300
/** How near to its end a log counts as followed, in pixels. */
const NEAR_END = 40

/** The log from its beginning, then what is added: at a notice, and every two seconds while it is alive. */
function useLog(attemptId: number, alive: boolean) {
  const [log, setLog] = useState(emptyLog)
  const [error, setError] = useState<ApiError | null>(null)
  const offset = useRef(0)
  const decoder = useRef(new TextDecoder())

  useEffect(() => {
    const abort = new AbortController()
    let reading = false
    let again = false
    let later: ReturnType<typeof setTimeout> | undefined
    const read = async () => {
      if (reading) {
        again = true
        return
      }
      reading = true
      try {
        for (;;) {
          again = false
          const { bytes, next } = await getLog(attemptId, offset.current, abort.signal)
          const grown = next > offset.current
          offset.current = next
          const text = decoder.current.decode(bytes, { stream: true })
          setLog((before) => appendLog(before, text))
          setError(null)
          if (!grown && !again) break
        }
      } catch (failed) {
        if (failed instanceof ApiError) setError(failed)
      } finally {
        reading = false
      }
    }
    void read()
    const unsubscribe = logNotices.add((notice) => {
      if (notice.attemptId !== attemptId || notice.bytes <= offset.current) return
      void read()
      clearTimeout(later)
      later = setTimeout(() => void read(), LATER_MS)
    })
    const timer = alive ? setInterval(() => void read(), POLL_MS) : undefined
    return () => {
      abort.abort()
      unsubscribe()
      clearInterval(timer)
      clearTimeout(later)
    }
  }, [attemptId, alive])
  return { log, error }
}

/** The live log of an attempt; it scrolls with what comes unless the reader has scrolled up. */
export function Log({ attempt }: { attempt: AttemptView }) {
  const alive = attempt.state === 'starting' || attempt.state === 'running'
  const { log, error } = useLog(attempt.id, alive)
  const box = useRef<HTMLPreElement>(null)
  const [following, setFollowing] = useState(true)
  const text = useMemo(() => logText(log), [log])

  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls whenever the text has changed
  useLayoutEffect(() => {
    if (following && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [text, following])

  const onScroll = () => {
    const element = box.current
    if (element) setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END)
  }
  return (
    <div className="log">
      <div className="log-bar">
        <span className="dim small">
          {alive ? 'live' : 'complete'}
          {log.dropped > 0 ? ` · the first ${plural(log.dropped, 'line')} not shown` : ''}
          {error && error.status !== 404 ? ` · ${error.message}` : ''}
        </span>
        {following ? null : (
          <button type="button" onClick={() => setFollowing(true)}>
            Follow
          </button>
        )}
        <a className="small" href={apiPath(`/attempts/${attempt.id}/log?download`)} download>
          Download
        </a>
      </div>
      <pre
        ref={box}
        className="code"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        onScroll={onScroll}
        aria-label={`Log of attempt ${attempt.number}`}
      >
        {text === '' ? (
          <span className="dim">
            {alive ? 'Nothing printed yet.' : 'Nothing was printed, or the log has been removed since.'}
          </span>
        ) : (
          text
        )}
      </pre>
    </div>
  )
}
