import { z } from 'zod'

/**
 * Patterns of files below a folder: `*` and `?` stay within one name, `**` stands for any folders, and a pattern that
 * names a folder takes all below it. Matching takes at most the product of both lengths, whatever the pattern.
 */

const isPattern = (text: string) =>
  !text.startsWith('/') &&
  !text.includes('\0') &&
  segmentsOf(text).length > 0 &&
  !segmentsOf(text).includes('..')

const segmentsOf = (pattern: string) => pattern.split('/').filter((part) => part !== '' && part !== '.')

/** What hone.yaml may list as `artifacts`. */
export const Patterns = z
  .array(
    z.string().min(1).max(200).refine(isPattern, {
      error: "has to be a path in the repository's folder, such as 'plots/*.png'",
    }),
  )
  .max(50)

/** @param path relative, with `/` */
export function matchesGlob(path: string, pattern: string): boolean {
  const names = path.split('/')
  const wanted = [...segmentsOf(pattern), '**']
  return matchesAll(names, wanted, '**', (name, part) => matchesAll([...name], [...part], '*', isCharacter))
}

const isCharacter = (character: string, wanted: string) => wanted === '?' || wanted === character

/**
 * Whether all items match the wanted ones in their order, where `wild` stands for any number of items: goes back to the last
 * `wild` only, which is enough, since an earlier one could take nothing that the last could not.
 */
function matchesAll<T>(
  items: readonly T[],
  wanted: readonly T[],
  wild: T,
  isOne: (item: T, wanted: T) => boolean,
): boolean {
  let at = 0
  let next = 0
  let last: { at: number; next: number } | null = null
  while (at < items.length) {
    const want = wanted[next]
    if (want === wild) {
      last = { at, next: ++next }
    } else if (want !== undefined && isOne(items[at] as T, want)) {
      at++
      next++
    } else if (last) {
      at = ++last.at
      next = last.next
    } else return false
  }
  return wanted.slice(next).every((want) => want === wild)
}
