import { type RefObject, useEffect, useRef } from 'react'

type Main = RefObject<HTMLElement | null>

/**
 * Puts the keyboard on the content when another page is shown, so that it does not begin at the top again and a screen
 * reader hears of it; within a page only when what had the focus is gone.
 * @param page what is the same for all addresses of a page
 * @returns for the element that holds the content
 */
export function useFocused(page: string | number | undefined, path: string | undefined): Main {
  const main = useRef<HTMLElement>(null)
  const before = useRef({ page, path })
  useEffect(() => {
    const was = before.current
    before.current = { page, path }
    if (was.path === path) return
    if (was.page !== page || document.activeElement === document.body) {
      main.current?.focus({ preventScroll: true })
    }
  }, [page, path])
  return main
}

/** The first stop of the keyboard: past the header, to what the page is about. */
export function SkipLink({ to }: { to: Main }) {
  return (
    <button type="button" className="skip" onClick={() => to.current?.focus()}>
      Skip to content
    </button>
  )
}
