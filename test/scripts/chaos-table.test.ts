import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript, as all of scripts/
import { PHASES, report } from '../../scripts/chaos/table.mjs'
import { FAULT_POINTS } from '../../src/fault-points.ts'

const cell = (phase: string, lost: string[] = [], more = {}) => ({
  ...{ fault: 'server kill -9', phase, what: `${phase} 1 of 2`, lost, restarts: 0, again: 0 },
  ...more,
})

describe('the table of the kill matrix', () => {
  it('counts what was survived in each cell, and says what was lost', () => {
    const cells = [cell('webhook'), cell('webhook'), cell('mail', ['mails: 0 instead of 1'], { again: 1 })]
    const text = report(cells, { seed: '7', minutes: 3.2 })
    expect(text).toContain('| server kill -9 | 2/2 | **0/1** | 0 | 1 |')
    expect(text).toContain('3 faults in 3 minutes: 2 survived with nothing lost, 1 not.')
    expect(text).toContain('- server kill -9 at mail (mail 1 of 2): mails: 0 instead of 1')
  })

  it('has the phases in the order in which a run comes by them, whichever was tried first', () => {
    expect(PHASES).toEqual([...FAULT_POINTS])
    const text = report(
      ['mail', 'exit', 'webhook'].map((phase) => cell(phase)),
      { seed: '7', minutes: 1 },
    )
    expect(text).toContain('| fault | webhook | exit | mail | restarts | mails again |')
  })

  it('does not count a cell that there is not, and says why', () => {
    const cells = [cell('webhook'), { fault: 'docker kill', phase: 'webhook', notAt: 'nothing runs then' }]
    const text = report(cells, { seed: '7', minutes: 1 })
    expect(text).toContain('1 faults')
    expect(text).toContain('| docker kill | – | 0 | 0 |')
    expect(text).toContain('- docker kill: nothing runs then')
    expect(text).not.toContain('## Lost')
  })
})
