import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { clearHighlight } from '../highlight.ts'
import { Link, useAddress } from '../router.tsx'
import { runAddress, SECTIONS, type Section, titleOf } from '../sections.ts'
import { Boundary } from './boundary.tsx'

interface Props {
  run: RunView
  section: Section
  children: ReactNode
}

/** Keeps the link of the section that is shown in sight where there is no room for all, and its top under the links. */
function useInSight(section: Section) {
  const links = useRef<HTMLElement>(null)
  const content = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another section is shown
  useLayoutEffect(() => {
    const nav = links.current
    const link = nav?.querySelector<HTMLElement>('[aria-current]')
    if (!nav || !link || !content.current) return
    nav.scrollLeft = link.offsetLeft - (nav.clientWidth - link.clientWidth) / 2
    const above = content.current.getBoundingClientRect().top - nav.offsetHeight
    if (above < 0) scrollBy(0, above)
  }, [section])
  return { links, content }
}

/** The sections of a run as links, and the one that is shown. */
export function Sections({ run, section, children }: Props) {
  const query = useAddress().split('?')[1]
  const { links, content } = useInSight(section)
  // Those with another seed are no trials of the budget.
  const own = run.trials.filter(({ repeats }) => repeats === null).length
  // What was pointed at in a section that is gone is not pointed at any more.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another section is shown
  useEffect(() => clearHighlight, [section])
  return (
    <>
      <nav className="sections" aria-label="Sections of the run" ref={links}>
        {SECTIONS.map(({ name, title }) => (
          <Link
            key={name}
            to={runAddress(run.id, name, query ? `?${query}` : '')}
            stay
            aria-current={name === section ? 'page' : undefined}
          >
            {title}
            {name === 'trials' && own > 0 ? <span className="count">{own}</span> : null}
          </Link>
        ))}
      </nav>
      <section className="section" aria-label={titleOf(section)} ref={content}>
        <Boundary key={section}>{children}</Boundary>
      </section>
    </>
  )
}
