import { type ReactNode, useEffect } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { clearHighlight } from '../highlight.ts'
import { useAddress } from '../router.tsx'
import { runAddress, SECTIONS, type Section } from '../sections.ts'
import { Sections } from './sections.tsx'

interface Props {
  run: RunView
  section: Section
  children: ReactNode
}

/** The sections of a run, all of the same trial. */
export function RunSections({ run, section, children }: Props) {
  const query = useAddress().split('?')[1]
  // Those with another seed are no trials of the budget.
  const own = run.trials.filter(({ repeats }) => repeats === null).length
  // What was pointed at in a section that is gone is not pointed at any more.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another section is shown
  useEffect(() => clearHighlight, [section])
  const links = SECTIONS.map(({ name, title }) => ({
    ...{ name, title, address: runAddress(run.id, name, query ? `?${query}` : '') },
    count: name === 'trials' ? own : 0,
  }))
  return (
    <Sections label="Sections of the run" links={links} current={section}>
      {children}
    </Sections>
  )
}
