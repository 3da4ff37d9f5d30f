import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { NewProjectView } from '../../../src/http/contract.ts'
import { ApiError, postJson } from '../api.ts'
import { Link } from '../router.tsx'
import { useMe } from '../who.tsx'
import { Empty, ErrorBox } from './basics.tsx'
import { Connect } from './home/connect.tsx'

const textOf = (form: FormData, name: string) => String(form.get(name) ?? '').trim()

/** Pure. */
const addressesOf = (text: string) =>
  text
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')

/** Shown once, after the project was made: the server keeps only a hash of the push token. */
function Created({ project }: { project: NewProjectView }) {
  return (
    <div className="created">
      <div className="notice" data-tone="ok" role="status">
        <p>
          <strong>{project.name} is there.</strong> What is below is shown only now: copy what you need.
        </p>
      </div>
      <Connect project={project} secrets={project} />
      <p>
        <Link to={`/projects/${encodeURIComponent(project.name)}`} className="button">
          Go to {project.name}
        </Link>
      </p>
    </div>
  )
}

/** The page that makes a project, and afterwards shows its addresses and secrets. */
export default function NewProject() {
  const [created, setCreated] = useState<NewProjectView | null>(null)
  return created === null ? <NewProjectForm onCreated={setCreated} /> : <Created project={created} />
}

/** Makes a project of the server. */
export function useNewProject(onCreated: (project: NewProjectView) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: object) => postJson<NewProjectView>('/projects', body),
    onSuccess: (project) => {
      onCreated(project)
      void client.invalidateQueries({ queryKey: ['projects'] })
      void client.invalidateQueries({ queryKey: ['overview'] })
    },
  })
}

/** What is wrong with the name; null for any other error. Pure. */
const ofName = (error: Error | null): ApiError | null =>
  error instanceof ApiError && ['bad-name', 'name-taken'].includes(error.code) ? error : null

/** The form that makes a project. */
export function NewProjectForm({ onCreated }: { onCreated: (project: NewProjectView) => void }) {
  const create = useNewProject(onCreated)
  const name = useRef<HTMLInputElement>(null)
  const nameError = ofName(create.error)
  useEffect(() => {
    if (nameError !== null) name.current?.focus()
  }, [nameError])
  const me = useMe()
  if (me.data?.role === 'viewer') return <Empty>A viewer cannot make projects: ask an admin.</Empty>
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const mail = addressesOf(textOf(form, 'mail'))
    create.mutate({
      name: textOf(form, 'name'),
      repoUrl: textOf(form, 'repoUrl') || null,
      settings: {
        target: Number(textOf(form, 'target')),
        trials: Number(textOf(form, 'trials')),
        ...(mail.length > 0 ? { mail } : {}),
      },
    })
  }
  return (
    <form onSubmit={submit} className="form">
      <label>
        Name
        <input
          ref={name}
          name="name"
          required
          maxLength={64}
          placeholder="digits"
          autoComplete="off"
          spellCheck={false}
          aria-describedby="name-hint"
          aria-invalid={nameError !== null}
          onChange={() => (nameError === null ? undefined : create.reset())}
        />
        <span
          id="name-hint"
          className={nameError === null ? 'dim' : 'bad'}
          role={nameError === null ? undefined : 'alert'}
        >
          {nameError === null
            ? 'Letters, digits, ".", "_" and "-", with a letter or digit at both ends. It is part of addresses, and stays.'
            : `${nameError.message} ${nameError.remedy ?? ''}`}
        </span>
      </label>
      <label>
        <span>
          Repository <span className="dim">optional: leave it empty to push to Hone itself</span>
        </span>
        <input
          name="repoUrl"
          placeholder="https://github.com/you/digits.git"
          autoComplete="off"
          spellCheck={false}
        />
      </label>
      <div className="pair">
        <label>
          Target accuracy
          <input name="target" type="number" step="any" required defaultValue="0.8" />
        </label>
        <label>
          Trials at most
          <input name="trials" type="number" min="1" max="10000" required defaultValue="20" />
        </label>
      </div>
      <label>
        <span>
          Mail to <span className="dim">optional: several addresses with commas between them</span>
        </span>
        <input name="mail" type="email" multiple placeholder="ada@example.org" spellCheck={false} />
      </label>
      {create.isError && nameError === null ? <ErrorBox error={create.error} /> : null}
      <button type="submit" className="button" disabled={create.isPending}>
        {create.isPending ? 'Making it…' : 'Make the project'}
      </button>
    </form>
  )
}
