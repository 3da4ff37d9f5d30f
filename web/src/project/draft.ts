import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Edits } from './setting-values.ts'

const NONE: Edits = {}

/** What was changed of a project's settings and is not saved yet: it stays while the visitor looks at something else. */
export function useDraft(project: string) {
  const client = useQueryClient()
  const queryKey = ['settings-draft', project]
  const { data: edits = NONE } = useQuery<Edits>({
    queryKey,
    queryFn: skipToken,
    gcTime: Number.POSITIVE_INFINITY,
  })
  const change = (to: (now: Edits) => Edits) => {
    client.setQueryData<Edits>(queryKey, (now = NONE) => to(now))
  }
  return { edits, change }
}
