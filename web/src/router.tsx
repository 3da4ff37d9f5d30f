import { type AnchorHTMLAttributes, type MouseEvent, useMemo, useSyncExternalStore } from 'react'
import { type Params, withParams } from './sections.ts'

const CHANGED = 'hone:navigate'

interface Way {
  /** Leaves no step in the history, and the page where it is scrolled to. */
  replace?: boolean
  /** Leaves the page where it is scrolled to. */
  stay?: boolean
}

/** Goes to a page of the dashboard. */
export function navigate(to: string, options: Way = {}) {
  if (options.replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  dispatchEvent(new Event(CHANGED))
  if (!options.replace && !options.stay) scrollTo(0, 0)
}

function subscribe(listener: () => void) {
  const names = ['popstate', 'hashchange', CHANGED]
  for (const name of names) addEventListener(name, listener)
  return () => {
    for (const name of names) removeEventListener(name, listener)
  }
}

/** Path and query of the page, without the fragment. */
export const useAddress = () => useSyncExternalStore(subscribe, () => location.pathname + location.search)

/** The fragment of the page with its #, or nothing. */
export const useHash = () => useSyncExternalStore(subscribe, () => location.hash)

/** The query of the page, and what changes some of it in place: null takes a parameter out. */
export function useParams(): [URLSearchParams, (changes: Params) => void] {
  const address = useAddress()
  const query = address.split('?')[1] ?? ''
  const params = useMemo(() => new URLSearchParams(query), [query])
  return [params, setParams]
}

/** Changes some of the query of the page in place: null takes a parameter out. */
export const setParams = (changes: Params) =>
  navigate(location.pathname + withParams(location.search, changes), { replace: true })

/** As it stands where it is badly encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The named parts of a path that fits a pattern such as `/runs/:id`; null when it does not fit. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = path.replace(/(.)\/$/, '$1').split('/')
  if (wanted.length !== given.length) return null
  const found: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] as string
    if (part.startsWith(':')) found[part.slice(1)] = decoded(value)
    else if (part !== value) return null
  }
  return found
}

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & Way & { to: string }

export function Link({ to, replace = false, stay = false, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
    if (event.defaultPrevented || !plain) return
    event.preventDefault()
    navigate(to, { replace, stay })
  }
  return <a href={to} onClick={follow} {...rest} />
}
