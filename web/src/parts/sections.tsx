import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { Link } from '../router.tsx'
import { Boundary } from './boundary.tsx'

export interface SectionLink {
  name: string
  title: string
  address: string
  /** Stands behind the title; none where it is 0. */
  count?: number
}

interface Props {
  /** Of the links, for screen readers. */
  label: string
  links: readonly SectionLink[]
  current: string
  children: ReactNode
}

/** Keeps the link of the section that is shown in sight where there is no room for all, and its top under the links. */
function useInSight(current: string) {
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
  }, [current])
  return { links, content }
}

/** The sections of a page as links, and the one that is shown. */
export function Sections({ label, links, current, children }: Props) {
  const box = useInSight(current)
  return (
    <>
      <nav className="sections" aria-label={label} ref={box.links}>
        {links.map(({ name, title, address, count = 0 }) => (
          <Link key={name} to={address} stay aria-current={name === current ? 'page' : undefined}>
            {title}
            {count > 0 ? <span className="count">{count}</span> : null}
          </Link>
        ))}
      </nav>
      <section
        className="section"
        aria-label={links.find(({ name }) => name === current)?.title}
        ref={box.content}
      >
        <Boundary key={current}>{children}</Boundary>
      </section>
    </>
  )
}
