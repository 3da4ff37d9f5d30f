import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { ProjectView, SettingFieldView } from '../../../../src/http/contract.ts'
import { ApiError, patchJson } from '../../api.ts'
import { plural } from '../../format.ts'
import { useDraft } from '../../project/draft.ts'
import { useSettingFields } from '../../project/queries.ts'
import { changesOf, type Edits, errorsOf, textOf, withoutSaved } from '../../project/setting-values.ts'
import { useMayChange, useMe } from '../../who.tsx'
import { Card, ErrorBox, Loaded } from '../basics.tsx'
import { DeleteProject } from './delete-project.tsx'
import { SettingField } from './setting-field.tsx'
import './settings.css'

const GROUP_TITLES: Record<SettingFieldView['group'], string> = {
  goal: 'Goal',
  budget: 'Budget',
  search: 'Search',
  resources: 'Resources',
  git: 'Git',
  mail: 'Mail',
}

interface FormProps {
  project: ProjectView
  fields: readonly SettingFieldView[]
}

function SettingsForm({ project, fields }: FormProps) {
  const client = useQueryClient()
  const mayChange = useMayChange()
  const { edits, change } = useDraft(project.name)
  /** Edited since they were refused. */
  const [corrected, setCorrected] = useState<readonly string[]>([])
  const changes = changesOf(fields, project.settings, edits)
  const count = Object.keys(changes).length
  const save = useMutation({
    mutationFn: (sent: Edits) =>
      patchJson<ProjectView>(`/projects/${encodeURIComponent(project.name)}`, {
        settings: changesOf(fields, project.settings, sent),
      }),
    onMutate: () => setCorrected([]),
    onSuccess: (changed, sent) => {
      client.setQueryData(['projects', project.name], changed)
      change((now) => withoutSaved(now, sent))
    },
  })
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (save.error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [save.error])
  useEffect(() => {
    if (count === 0) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [count])
  const marked = save.error instanceof ApiError ? save.error.fields : []
  const refused = marked.filter(({ field }) => !corrected.includes(field.split('.')[0] as string))
  const edit = (name: string, text: string) => {
    if (save.isSuccess) save.reset()
    setCorrected((before) => [...before, name])
    change((now) => ({ ...now, [name]: text }))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (count > 0) save.mutate(edits)
  }
  const groups = [...new Set(fields.map(({ group }) => group))]
  return (
    <form ref={form} className="settings" onSubmit={submit} noValidate aria-label="Settings">
      {groups.map((group) => (
        <fieldset key={group} disabled={!mayChange}>
          <legend>{GROUP_TITLES[group]}</legend>
          <div className="setting-fields">
            {fields
              .filter((field) => field.group === group)
              .map((field) => (
                <SettingField
                  key={field.name}
                  field={field}
                  text={edits[field.name] ?? textOf(field, project.settings[field.name])}
                  errors={errorsOf(field.name, refused)}
                  warnings={field.name in edits ? [] : errorsOf(field.name, project.warnings ?? [])}
                  onEdit={(text) => edit(field.name, text)}
                />
              ))}
          </div>
        </fieldset>
      ))}
      {mayChange ? (
        <div className="save" data-pending={count > 0 || save.isSuccess}>
          {save.isError && marked.length === 0 ? <ErrorBox error={save.error} /> : null}
          <span role="status" className={refused.length > 0 ? 'bad' : 'dim'}>
            {refused.length > 0
              ? 'Nothing was saved: correct what is marked above.'
              : count > 0
                ? `${plural(count, 'change')} not saved yet`
                : save.isSuccess
                  ? 'Saved. Runs that start from now on have it.'
                  : ''}
          </span>
          {count === 0 ? null : (
            <button
              type="button"
              onClick={() => {
                change(() => ({}))
                save.reset()
              }}
            >
              Discard
            </button>
          )}
          <button type="submit" className="button" disabled={count === 0 || save.isPending}>
            {save.isPending ? 'Saving…' : 'Save'}
          </button>
        </div>
      ) : null}
    </form>
  )
}

/** The project's settings; a repository's hone.yaml may say otherwise for its commit. */
export default function SettingsSection({ project }: { project: ProjectView }) {
  const fields = useSettingFields()
  const me = useMe()
  return (
    <>
      <Card title="Settings">
        <p className="dim origin">
          They hold for runs that start from now on. A repository’s <code>hone.yaml</code> may set most of the
          goal, the budget, the search and the resources for its own commit, within what is set here.
        </p>
        {me.data?.role === 'viewer' ? (
          <p className="dim origin">A viewer cannot change these: ask an admin.</p>
        ) : null}
        <Loaded query={fields}>{(all) => <SettingsForm project={project} fields={all} />}</Loaded>
      </Card>
      <DeleteProject key={project.name} name={project.name} />
    </>
  )
}
