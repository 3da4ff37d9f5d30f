import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { deleteAt } from '../../api.ts'
import { useRuns } from '../../queries.ts'
import { Link, navigate } from '../../router.tsx'
import { hasEnded } from '../../stages.ts'
import { ForAdmins } from '../../who.tsx'
import { Ask } from '../ask.tsx'
import { Card } from '../basics.tsx'

/** Of the newest runs; an older one that has not ended is named by the server's answer. */
const LOOKED_AT = 25

/** At the end of the settings: the project with all that it has, once its name was typed. */
export function DeleteProject({ name }: { name: string }) {
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const alive = useRuns(name, LOOKED_AT).data?.find((run) => !hasEnded(run.state))
  const remove = useMutation({
    mutationFn: () => deleteAt(`/projects/${encodeURIComponent(name)}`),
    onSuccess: () => {
      navigate(`/?deleted=${encodeURIComponent(name)}`, { replace: true })
      void client.invalidateQueries()
    },
  })
  return (
    <ForAdmins>
      <Card title="Delete this project">
        <p className="dim origin">
          Its runs with their logs, models and images, its deliveries, and its repository on Hone’s own git
          remote are gone for good. A repository elsewhere, and mails that were sent, stay. Runs that have not
          ended have to be cancelled first.
        </p>
        {alive === undefined ? null : (
          <p role="status">
            Run <Link to={`/runs/${alive.id}`}>#{alive.number}</Link> has not ended: cancel it first.
          </p>
        )}
        <div className="delete-project" hidden={alive !== undefined}>
          <Ask
            label="Delete this project…"
            question={
              <label>
                <span>
                  Type <strong>{name}</strong> to delete it
                </span>
                <input
                  value={typed}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={(event) => setTyped(event.target.value)}
                />
              </label>
            }
            really="Delete it for good"
            keep="Keep it"
            isReady={typed.trim() === name}
            change={remove}
          />
        </div>
      </Card>
    </ForAdmins>
  )
}
