import type { RunView } from '../../../src/http/contract.ts'
import { hasEnded } from '../stages.ts'

/** Nothing is failed for it: what was under way goes on when the engine is back. */
export function EngineAway({ run }: { run: RunView }) {
  if (run.engineAway === null || hasEnded(run.state)) return null
  const since = new Date(run.engineAway.since)
  return (
    <div className="notice" data-tone="warn" role="status">
      <p>
        <strong>
          Engine away since <time dateTime={since.toISOString()}>{since.toLocaleString()}</time>.
        </strong>{' '}
        This run waits for it and goes on where it was once the engine answers.
      </p>
    </div>
  )
}
