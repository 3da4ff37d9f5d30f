import type { OutlookView, RunView } from '../../../src/http/contract.ts'
import { formatNumber } from '../format.ts'
import { useParameter } from '../highlight.ts'
import {
  barsOf,
  chanceWords,
  firstImpression,
  formatChance,
  formatEstimate,
  giveUpWords,
  isMetSoFar,
  otherSeeds,
  shareWords,
  trialsLeft,
} from '../outlook.ts'
import { hasEnded } from '../stages.ts'
import { Card, Empty, Words } from './basics.tsx'
import { TrialLink } from './trial-link.tsx'

/** What the search knows after the trials so far: how likely the target is, what matters, what else to try. */
export function Search({ run }: { run: RunView }) {
  const { outlook, settings } = run
  return (
    <Card
      title="Search"
      aside={
        <span className="dim small">
          {[settings.sampler, parallelWords(settings.parallel)].filter(Boolean).join(', ')}
        </span>
      }
    >
      {outlook === null ? (
        <Empty>
          {hasEnded(run.state)
            ? 'Nothing was learnt: the run ended before a trial gave a value.'
            : 'Nothing is known yet: the first trial has not ended.'}
        </Empty>
      ) : (
        <Known run={run} outlook={outlook} />
      )}
    </Card>
  )
}

const parallelWords = (parallel: unknown) =>
  typeof parallel === 'number' && parallel > 1 ? `${parallel} trainings at once` : ''

function Known({ run, outlook }: { run: RunView; outlook: OutlookView }) {
  const { best, importance, advice } = outlook
  return (
    <div className="search">
      <div>
        <Chance run={run} outlook={outlook} />
        {best === null ? null : (
          <p className="estimate">
            <span className="dim">Best {run.metric} by all trials together</span>{' '}
            <strong>{formatEstimate(best)}</strong>{' '}
            <span className="dim">
              in <TrialLink number={best.trial} />
            </span>
            <span className="dim small note">
              A model of all trials, in which the luck of single ones evens out; ± one standard deviation.
            </span>
          </p>
        )}
      </div>
      <Importance run={run} importance={importance} trials={outlook.trials} />
      {advice.length === 0 ? null : (
        <div className="advice">
          <h3>Worth a try outside of the search</h3>
          <ul>
            {advice.map((text) => (
              <li key={text}>
                <Words text={text} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

/** Only while it can still come true. */
function Chance({ run, outlook }: { run: RunView; outlook: OutlookView }) {
  const { chance } = outlook
  if (hasEnded(run.state)) return null
  if (isMetSoFar(run)) {
    return (
      <p className="chance">
        Trial {run.bestTrial} meets the target {formatNumber(run.target)}. It counts once it does so{' '}
        {otherSeeds(run.settings.confirm)} too.
      </p>
    )
  }
  if (trialsLeft(run) === 0) return null
  if (chance === null) {
    return <Empty>How likely the target {formatNumber(run.target)} is will be told from trial 5 on.</Empty>
  }
  const impression = firstImpression(outlook)
  return (
    <div className="chance">
      <p>
        <strong>{formatChance(chance)}</strong> {chanceWords(run)}
      </p>
      <Bar width={100 * chance} />
      {impression === null ? null : <p className="dim small">{impression}</p>}
      <GiveUp run={run} />
    </div>
  )
}

function GiveUp({ run }: { run: RunView }) {
  const words = giveUpWords(run)
  return words === null ? null : <p className="dim small">{words}</p>
}

/** What it shows stands next to it in words. */
const Bar = ({ width }: { width: number }) => (
  <span className="bar" aria-hidden="true">
    <span style={{ width: `${width}%` }} />
  </span>
)

function ImportanceBar({ name, share, width }: ReturnType<typeof barsOf>[number]) {
  return (
    <li {...useParameter(name)}>
      <code>{name}</code>
      <Bar width={width} />
      <span className="share">{share}</span>
    </li>
  )
}

interface ImportanceProps extends Pick<OutlookView, 'importance' | 'trials'> {
  run: RunView
}

function Importance({ run, importance, trials }: ImportanceProps) {
  const bars = barsOf(importance)
  return (
    <div>
      <h3>What matters for {run.metric}</h3>
      {bars.length === 0 ? (
        <Empty>
          {hasEnded(run.state)
            ? 'Too few trials to tell.'
            : 'Told once a few trials with different values are done.'}
        </Empty>
      ) : (
        <>
          <ul className="bars">
            {bars.map((bar) => (
              <ImportanceBar key={bar.name} {...bar} />
            ))}
          </ul>
          <p className="dim small note">{shareWords(trials)}</p>
        </>
      )}
    </div>
  )
}
