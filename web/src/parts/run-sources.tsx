import { useState } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { useRunPatch } from '../queries.ts'
import { Empty, Loaded } from './basics.tsx'
import { CodeDiff } from './shown-diff.tsx'

/** The patch from the source of one run to that of another: of their best trials, or of the commits. */
export function RunSources({ runs }: { runs: readonly RunView[] }) {
  const [pair, setPair] = useState<{ from?: number; to?: number }>({})
  const [of, setOf] = useState<'best' | 'commit'>('best')
  const from = runs.find(({ id }) => id === pair.from) ?? runs[0]
  const to = runs.find(({ id }) => id === pair.to) ?? runs.findLast((run) => run !== from)
  if (!from || !to) return <Empty>There is only one run.</Empty>
  const select = (label: string, value: number, choose: (id: number) => void) => (
    <select aria-label={label} value={value} onChange={({ target }) => choose(Number(target.value))}>
      {runs.map(({ id, number }) => (
        <option key={id} value={id}>
          run #{number}
        </option>
      ))}
    </select>
  )
  return (
    <>
      <div className="toolbar">
        <select
          aria-label="Sources of"
          value={of}
          onChange={({ target }) => setOf(target.value === 'commit' ? 'commit' : 'best')}
        >
          <option value="best">the best trials</option>
          <option value="commit">the commits</option>
        </select>
        {select('Source from', from.id, (id) => setPair({ ...pair, from: id }))}
        <span>to</span>
        {select('Source to', to.id, (id) => setPair({ ...pair, to: id }))}
      </div>
      <Patch from={from} to={to} of={of} />
    </>
  )
}

function Patch({ from, to, of }: { from: RunView; to: RunView; of: 'best' | 'commit' }) {
  const patch = useRunPatch(to.id, from.id, of, `${from.bestTrial} ${to.bestTrial}`)
  return (
    <Loaded query={patch}>
      {(diff) =>
        diff === '' ? (
          <Empty>The same source.</Empty>
        ) : (
          <CodeDiff
            diff={diff}
            split={false}
            hyperparameters={from.detection?.hyperparameters ?? []}
            importance={from.outlook?.importance ?? []}
          />
        )
      }
    </Loaded>
  )
}
