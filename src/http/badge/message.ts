import type { RunState } from '../../domain/run.ts'
import type { BadgeColour } from './draw.ts'

interface BadgeRun {
  state: RunState
  /** Its best value so far. */
  best: number | null
}

/** Three digits after the point, four in all of a large number, no zeros at the end. */
const short = (value: number) =>
  String(Math.abs(value) < 10 ? Number(value.toFixed(3)) : Number(value.toPrecision(4)))

/** What a badge says of a project's last run; null: there is none. Pure. */
export function badgeMessage(run: BadgeRun | null): [message: string, colour: BadgeColour] {
  if (run === null) return ['no run', 'grey']
  const value = run.best === null ? '' : ` ${short(run.best)}`
  switch (run.state) {
    case 'queued':
      return ['waiting', 'blue']
    case 'running':
      return [`training${value}`, 'blue']
    case 'succeeded':
      return [`target met${value}`, 'green']
    case 'exhausted':
      return [`below target${value}`, 'yellow']
    case 'failed':
      return ['failed', 'red']
    default:
      return [run.state, 'grey']
  }
}
