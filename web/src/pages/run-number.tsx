import { useEffect } from 'react'
import { isMissing, Loaded } from '../parts/basics.tsx'
import { useRunNumber } from '../queries.ts'
import { navigate } from '../router.tsx'
import { useTitle } from '../title.ts'

/** Leads from a run's number within its project to its page. */
export function RunNumberPage({ project, number }: { project: string; number: string }) {
  const query = useRunNumber(project, number)
  const id = query.data?.id
  useTitle(isMissing(query.error) ? 'Not found' : `${project} #${number}`)
  useEffect(() => {
    if (id !== undefined) navigate(`/runs/${id}`, { replace: true })
  }, [id])
  return (
    <Loaded query={query} missing={`There is no run ${project} #${number}.`}>
      {() => null}
    </Loaded>
  )
}
