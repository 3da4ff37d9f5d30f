import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { deleteAt } from '../../api.ts'
import { navigate } from '../../router.tsx'
import { ForAdmins } from '../../who.tsx'
import { Ask } from '../ask.tsx'
import { Card } from '../basics.tsx'

/** At the end of the settings: the project with all that it has, once its name was typed. */
export function DeleteProject({ name }: { name: string }) {
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const remove = useMutation({
    mutationFn: () => deleteAt(`/projects/${encodeURIComponent(name)}`),
    onSuccess: () => {
      navigate('/', { replace: true })
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
        <div className="delete-project">
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
