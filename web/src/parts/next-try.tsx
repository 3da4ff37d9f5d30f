import { useNow } from '../clock.ts'
import { Time } from './basics.tsx'

/** When what failed is tried again. @param at ms since the epoch */
export function NextTry({ at }: { at: number }) {
  if (at <= useNow()) return 'It is tried again now.'
  return (
    <>
      Next try <Time at={at} />.
    </>
  )
}
