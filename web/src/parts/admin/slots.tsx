import type { SlotsView } from '../../../../src/http/contract.ts'
import { formatBytes, formatNumber } from '../../format.ts'
import { useGet } from '../../queries.ts'
import { Link } from '../../router.tsx'
import { Card, Elapsed, Empty, Loaded, State, Time, Words } from '../basics.tsx'
import { Facts } from './facts.tsx'

const EVERY_MS = 5_000

const sum = (held: SlotsView['held'], of: 'memoryBytes' | 'cpus' | 'gpus') =>
  held.reduce((total, one) => total + one[of], 0)
const short = (value: number) => formatNumber(Number(value.toFixed(1)))

function There({ capacity, held }: SlotsView) {
  if (capacity === null) return <p className="dim">What there is cannot be told while the engine is away.</p>
  return (
    <Facts
      of={[
        ['trainings at once', `${held.length} of ${capacity.parallel} (HONE_PARALLEL)`],
        ['memory', `${formatBytes(sum(held, 'memoryBytes'))} of ${formatBytes(capacity.memoryBytes)} held`],
        ['processors', `${short(sum(held, 'cpus'))} of ${short(capacity.cpus)} held`],
        ['graphics cards', `${sum(held, 'gpus')} of ${capacity.gpus} held`],
      ]}
    />
  )
}

const Held = ({ held }: Pick<SlotsView, 'held'>) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  <section className="scroll" tabIndex={0} aria-label="Slots that are held">
    <table className="stacked">
      <thead>
        <tr>
          <th>Run</th>
          <th className="num">Trial</th>
          <th className="num">Attempt</th>
          <th>State</th>
          <th className="num">Memory</th>
          <th className="num">Processors</th>
          <th className="num">Cards</th>
          <th className="num">For</th>
        </tr>
      </thead>
      <tbody>
        {held.map((one) => (
          <tr key={`${one.runId}/${one.trial}/${one.attempt}`}>
            <td>
              <Link to={`/runs/${one.runId}`}>{one.run}</Link>
            </td>
            <td className="num" data-label="trial">
              {one.trial}
            </td>
            <td className="num below" data-label="attempt">
              {one.attempt}
            </td>
            <td>
              <State of={one.state} plain />
            </td>
            <td className="num below">{formatBytes(one.memoryBytes)}</td>
            <td className="num below" data-label="processors">
              {short(one.cpus)}
            </td>
            <td className="num below" data-label="cards">
              {one.gpus}
            </td>
            <td className="num end">
              <Elapsed from={one.since} to={null} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

/** What trainings share, which of them hold it, and who waits for what. */
export function Slots() {
  const slots = useGet<SlotsView>(['admin', 'slots'], '/admin/slots', { every: EVERY_MS })
  return (
    <Card title="Slots">
      <Loaded query={slots}>
        {(view) => (
          <>
            <There {...view} />
            <h3>Held</h3>
            {view.held.length === 0 ? <Empty>Nothing trains now.</Empty> : <Held held={view.held} />}
            <h3>Waiting</h3>
            {view.waiting.length === 0 ? (
              <Empty>No run waits for anything.</Empty>
            ) : (
              <ul className="waiting">
                {view.waiting.map(({ runId, run, text, since }) => (
                  <li key={runId} className="row">
                    <Link to={`/runs/${runId}`}>{run}</Link>
                    <span>
                      <Words text={text} />
                    </span>
                    <span className="dim small push">
                      since <Time at={since} />
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
    </Card>
  )
}
