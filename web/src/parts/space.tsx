import { useMemo, useState } from 'react'
import type { CurveView, RunView } from '../../../src/http/contract.ts'
import { plural } from '../format.ts'
import { setParams } from '../router.tsx'
import { axesOf, type Brushes, isIn, metricAxis, pointsIn } from '../space.ts'
import { Card, Empty } from './basics.tsx'
import { Parallel } from './parallel.tsx'
import { Slice } from './slice.tsx'
import './space.css'

/** More axes than this are hard to tell apart: the others are shown on demand. */
const MOST = 8

interface Props {
  run: RunView
  curves: readonly CurveView[]
  selected: number | null
}

/** Where the trials lie in the search space, and what they came to there. */
export default function Space({ run, curves, selected }: Props) {
  const [brushes, setBrushes] = useState<Brushes>({})
  const [isAll, setAll] = useState(false)
  const { axes, points, count } = useMemo(() => {
    const metric = metricAxis(run, curves)
    const importance = run.outlook?.importance ?? []
    const all = axesOf(run.detection?.hyperparameters ?? [], run.trials, importance)
    const own = isAll ? all : all.slice(0, MOST)
    return { axes: [...own, metric], points: pointsIn(run, curves, own, metric), count: all.length }
  }, [run, curves, isAll])
  if (axes.length < 2 || points.length < 2) {
    return (
      <Card title="Where the trials lie">
        <Empty>Shown once two trials with different values have reported {run.metric}.</Empty>
      </Card>
    )
  }
  const inside = new Set(points.filter((point) => isIn(point, axes, brushes)).map(({ trial }) => trial))
  const isBrushed = Object.keys(brushes).length > 0
  const shown = {
    points,
    inside,
    selected,
    best: run.bestTrial,
    onSelect: (trial: number) => setParams({ trial }),
  }
  const brush = (name: string, part: Brushes[string] | null) => {
    const { [name]: _, ...others } = brushes
    setBrushes(part === null ? others : { ...others, [name]: part })
  }
  return (
    <>
      <Card
        title="Where the trials lie"
        aside={
          <span className="dim small" role="status">
            {isBrushed ? `${inside.size} of ${plural(points.length, 'trial')} ` : ''}
            {isBrushed ? (
              <button type="button" className="quiet" onClick={() => setBrushes({})}>
                Show all
              </button>
            ) : (
              'Drag along an axis to pick a part of it.'
            )}
          </span>
        }
      >
        {count <= MOST ? null : (
          <p className="dim small">
            {isAll ? `All ${count}` : `${MOST} of ${count}`} hyperparameters that vary
            {isAll ? '. ' : ', the most important. '}
            <button type="button" className="quiet" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
              {isAll ? `Show ${MOST}` : 'Show all of them'}
            </button>
          </p>
        )}
        <Parallel
          {...shown}
          axes={axes}
          brushes={brushes}
          onBrush={brush}
          maximize={run.direction === 'maximize'}
        />
      </Card>
      <Card title={`${run.metric} by value`}>
        <div className="slices">
          {axes.slice(0, -1).map((axis, index) => (
            <Slice key={axis.name} {...shown} axis={axis} index={index} metric={axes.at(-1) as typeof axis} />
          ))}
        </div>
      </Card>
    </>
  )
}
