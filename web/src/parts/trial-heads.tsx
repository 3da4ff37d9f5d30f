import type { ReactNode } from 'react'
import { useIsHighlighted, useParameter } from '../highlight.ts'
import { setParams } from '../router.tsx'
import { ariaSort, nextSort } from '../trial-rows.ts'

/** A column's head, which sorts by it. */
export function Head({ name, sort, num = false, about, children }: HeadProps) {
  return (
    <th {...about} className={num ? 'num' : undefined} aria-sort={ariaSort(name, sort)}>
      <button type="button" className="sort" onClick={() => setParams({ sort: nextSort(name, sort) })}>
        {children}
      </button>
    </th>
  )
}

interface HeadProps {
  name: string
  sort: string | null
  num?: boolean
  about?: object
  children: ReactNode
}

export function ParameterHead({ name, sort }: Pick<HeadProps, 'name' | 'sort'>) {
  return (
    <Head name={name} sort={sort} num about={useParameter(name)}>
      <code>{name}</code>
    </Head>
  )
}

/** Marks all cells of a hyperparameter at once: none of them is drawn again. */
export const ParameterColumn = ({ name }: { name: string }) => (
  <col data-highlight={useIsHighlighted('parameter', name)} />
)
