import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { RunSummary, RunView } from '../../../src/http/contract.ts'
import { postJson } from '../api.ts'
import { BEGINNINGS, beginningsOf, changedSettings, FIELDS, type From, SAMPLERS } from '../rerun.ts'
import { navigate } from '../router.tsx'
import { Card, ErrorBox } from './basics.tsx'
import './run-again.css'

/** From which job on, and with which settings, an ended run is run again. */
export default function RunAgain({ run, close }: { run: RunView; close: () => void }) {
  const [from, setFrom] = useState<From>('git-import')
  const client = useQueryClient()
  const again = useMutation({
    mutationFn: (body: object) => postJson<RunSummary>(`/runs/${run.id}/rerun`, body),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['run', run.id] })
      void client.invalidateQueries({ queryKey: ['runs'] })
      if (made.id !== run.id) navigate(made.url.replace(/^.*(?=\/runs\/)/, ''))
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    again.mutate({ from, settings: from === 'notify' ? {} : changedSettings(form, run.settings) })
  }
  return (
    <div className="run-again">
      <Card title={`Run #${run.number} again`}>
        <form onSubmit={submit}>
          <fieldset>
            <legend>From</legend>
            {beginningsOf(run).map((name) => (
              <label key={name} className="choice">
                <input
                  type="radio"
                  name="from"
                  value={name}
                  checked={from === name}
                  onChange={() => setFrom(name)}
                />
                <span>
                  <strong>{name}</strong> <span className="dim">{BEGINNINGS[name]}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {from === 'notify' ? null : <SettingsFields settings={run.settings} />}
          <div className="actions">
            <button type="submit" className="button" disabled={again.isPending}>
              {from === 'notify' ? 'Send the mails again' : 'Start'}
            </button>
            <button type="button" onClick={close}>
              Close
            </button>
            {again.data?.id === run.id ? <span role="status">The mails are in the outbox.</span> : null}
          </div>
          {again.isError ? <ErrorBox error={again.error} /> : null}
        </form>
      </Card>
    </div>
  )
}

/** As they were in force; what is changed holds for the new run alone. */
function SettingsFields({ settings }: Pick<RunView, 'settings'>) {
  return (
    <fieldset className="settings">
      <legend>With</legend>
      {FIELDS.map(({ name, label, ...limits }) => (
        <label key={name}>
          {label}
          <input name={name} type="number" required defaultValue={String(settings[name] ?? '')} {...limits} />
        </label>
      ))}
      <label>
        Sampler
        <select name="sampler" defaultValue={String(settings.sampler)}>
          {SAMPLERS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </fieldset>
  )
}
