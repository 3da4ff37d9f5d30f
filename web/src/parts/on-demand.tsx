import { type ComponentType, type ReactNode, useEffect, useState } from 'react'

type Module<P> = { default: ComponentType<P> }

/**
 * A part of the page that is loaded when it is needed, for what is most often asked for before it is drawn. In the place of
 * `lazy`: once React has shown the fallback of a Suspense, it holds what follows back for 300 ms (`FALLBACK_THROTTLE_MS` of
 * react-dom), which is longer than such a part takes to come.
 * @param fallback stands where the part will be
 * @returns the part; its `load` asks for it, which may be called at any time. Where it cannot be loaded, the part throws.
 */
export function onDemand<P extends object>(load: () => Promise<Module<P>>, fallback: ReactNode) {
  let Part: ComponentType<P> | null = null
  const ask = async () => {
    Part = (await load()).default
  }

  function OnDemand(props: P) {
    const [isLoaded, setLoaded] = useState(Part !== null)
    const [error, setError] = useState<Error | null>(null)
    useEffect(() => {
      if (isLoaded) return
      let isGone = false
      const unlessGone = (action: () => void) => (isGone ? undefined : action())
      ask().then(
        () => unlessGone(() => setLoaded(true)),
        (failed: Error) => unlessGone(() => setError(failed)),
      )
      return () => {
        isGone = true
      }
    }, [isLoaded])
    if (error !== null) throw error
    return Part !== null && isLoaded ? <Part {...props} /> : fallback
  }
  return Object.assign(OnDemand, { load: ask })
}
