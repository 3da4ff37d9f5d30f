import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import type { RunSummary, RunView, SettingFieldView } from '../../../src/http/contract.ts'
import { postJson } from '../api.ts'
import { useSettingFields } from '../project/queries.ts'
import { textOf } from '../project/setting-values.ts'
import { againFields, BEGINNINGS, beginningsOf, changedSettings, type From } from '../rerun.ts'
import { navigate } from '../router.tsx'
import { Card, ErrorBox, Loaded } from './basics.tsx'
import './run-again.css'

/** From which job on, and with which settings, an ended run is run again. */
export default function RunAgain({ run, close }: { run: RunView; close: () => void }) {
  const [from, setFrom] = useState<From>('git-import')
  const fields = useSettingFields()
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
    const settings = from === 'notify' ? {} : changedSettings(fields.data ?? [], form, run.settings)
    again.mutate({ from, settings })
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
          {from === 'notify' ? null : (
            <Loaded query={fields}>
              {(all) => <SettingsFields fields={againFields(all)} settings={run.settings} />}
            </Loaded>
          )}
          <div className="actions">
            <button
              type="submit"
              className="button"
              disabled={again.isPending || (from !== 'notify' && fields.data === undefined)}
            >
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

interface SettingsProps extends Pick<RunView, 'settings'> {
  fields: readonly SettingFieldView[]
}

/** As they were in force; what is changed holds for the new run alone. */
function SettingsFields({ fields, settings }: SettingsProps) {
  return (
    <fieldset className="with">
      <legend>With</legend>
      {fields.map((field) => (
        <Field key={field.name} field={field} value={textOf(field, settings[field.name])} />
      ))}
    </fieldset>
  )
}

/** What is not possible the server refuses, and says why. */
function Field({ field, value }: { field: SettingFieldView; value: string }) {
  const id = useId()
  const { name, title, unit, choices, description } = field
  return (
    <div>
      <label htmlFor={id} title={description}>
        {title} {unit === undefined ? null : <span className="small">({unit})</span>}
      </label>
      {choices === undefined ? (
        <input
          {...{ id, name }}
          inputMode="decimal"
          defaultValue={value}
          placeholder={value}
          autoComplete="off"
        />
      ) : (
        <select {...{ id, name }} defaultValue={value}>
          {choices.map((choice) => (
            <option key={String(choice)}>{String(choice)}</option>
          ))}
        </select>
      )}
    </div>
  )
}
