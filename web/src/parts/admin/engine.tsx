import type { EngineView } from '../../../../src/http/contract.ts'
import { formatBytes } from '../../format.ts'
import { useGet } from '../../queries.ts'
import { Card, Loaded, Time, Words } from '../basics.tsx'
import { DiskBar } from './disk-bar.tsx'
import { Facts } from './facts.tsx'
import { Images } from './images.tsx'
import { Slots } from './slots.tsx'

const EVERY_MS = 15_000
const FULL_SHARE = 0.95

function About({ engine: { address, away, facts, disks } }: { engine: EngineView }) {
  return (
    <Card
      title="Engine"
      aside={
        <span className="state" data-state={away === null ? 'done' : 'failed'}>
          {away === null ? 'answers' : 'away'}
        </span>
      }
    >
      {away === null ? null : (
        <div className="notice" data-tone="bad">
          <p>
            <strong>
              <Words text={away.message} />
            </strong>{' '}
            <Words text={away.remedy} />{' '}
            <span className="dim small">
              since <Time at={away.since} />
            </span>
          </p>
        </div>
      )}
      <Facts
        of={[
          ['address', address],
          ...(facts === null
            ? []
            : ([
                ['version', facts.version],
                ['machine', facts.host],
                ['system', facts.system],
                ['storage driver', facts.storageDriver],
                ['processors', facts.cpus],
                ['memory', formatBytes(facts.memoryBytes)],
                ['graphics cards', facts.gpus.length],
              ] as const)),
        ]}
      />
      <h3>Disk</h3>
      <DiskBar what="Images, containers and volumes" disk={disks.engine} share={FULL_SHARE} />
    </Card>
  )
}

export function Engine() {
  const engine = useGet<EngineView>(['admin', 'engine'], '/admin/engine', { every: EVERY_MS })
  return (
    <>
      <Loaded query={engine}>{(found) => <About engine={found} />}</Loaded>
      <Slots />
      {engine.data === undefined || engine.data.away !== null ? null : (
        <Images images={engine.data.images} all={engine.data.facts?.imageCount ?? null} />
      )}
    </>
  )
}
