import type { HealthPartView } from '../../../../src/http/contract.ts'
import { partName, seenWord, stateOfPart } from '../../home.ts'
import { useHealth } from '../../queries.ts'
import { Card, Loaded, Time, Words } from '../basics.tsx'

function Part({ part }: { part: HealthPartView }) {
  const { state, text, remedy, since, seenAt } = part
  return (
    <li data-health={state}>
      <div className="row">
        <span className="strong">{partName(part)}</span>
        <span className="state">{stateOfPart(part)}</span>
        <span className="dim small push">
          {since !== null ? (
            <>
              since <Time at={since} />
            </>
          ) : seenAt === null ? null : (
            <>
              {seenWord(part)} <Time at={seenAt} />
            </>
          )}
        </span>
      </div>
      <p className="small">
        <Words text={text} />{' '}
        {remedy === null ? null : (
          <span className="dim">
            <Words text={remedy} />
          </span>
        )}
      </p>
    </li>
  )
}

/** Engine, disk, mail and webhooks: how each stands, since when, and what to do. */
export function HealthCard() {
  const health = useHealth()
  return (
    <Card title="Health">
      <Loaded query={health}>
        {({ parts }) => (
          <ul className="health" aria-label="Health">
            {parts.map((part) => (
              <Part key={part.part} part={part} />
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  )
}
