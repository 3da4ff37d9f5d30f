import { useEffect } from 'react'

/** Names the tab of the browser. @param title null: a part of the page that knows more names it */
export function useTitle(title: string | null): void {
  useEffect(() => {
    if (title !== null) document.title = `${title} · Hone`
  }, [title])
}
