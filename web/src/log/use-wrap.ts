import { useState } from 'react'

const KEY = 'hone.log.wrap'

/** Whether long lines are broken: as it was chosen last, else on narrow windows only. */
export function useWrap(): [boolean, () => void] {
  const [wrap, setWrap] = useState(() => {
    const chosen = localStorage.getItem(KEY)
    return chosen === null ? innerWidth < 720 : chosen === 'on'
  })
  const toggle = () => {
    localStorage.setItem(KEY, wrap ? 'off' : 'on')
    setWrap(!wrap)
  }
  return [wrap, toggle]
}
