import { useEffect } from 'react'
import { Loaded } from '../parts/basics.tsx'
import { useRunNumber } from '../queries.ts'
import { navigate } from '../router.tsx'

/** Leads from a run's number within its project to its page. */
export function RunNumberPage({ project, number }: { project: string; number: string }) {
  const query = useRunNumber(project, number)
  const id = query.data?.id
  useEffect(() => {
    if (id !== undefined) navigate(`/runs/${id}`, { replace: true })
  }, [id])
  return (
    <Loaded query={query} missing={`There is no run ${project} #${number}.`}>
      {() => null}
    </Loaded>
  )
}
