import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { NewProjectView } from '../../../src/http/contract.ts'
import { postJson } from '../api.ts'
import { Link } from '../router.tsx'
import { Copyable, ErrorBox } from './basics.tsx'

const textOf = (form: FormData, name: string) => String(form.get(name) ?? '').trim()

/** Pure. */
const addressesOf = (text: string) =>
  text
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')

/** The address with the token as password, so that git does not ask for it. */
function remoteWithToken(project: NewProjectView): string {
  const address = new URL(project.gitRemote)
  address.username = 'hone'
  address.password = project.pushToken
  return address.href
}

/** Shown once, after the project was made: the server keeps only a hash of the push token. */
function Created({ project }: { project: NewProjectView }) {
  const push = `git remote add hone ${remoteWithToken(project)}\ngit push hone HEAD:main`
  return (
    <div className="created">
      <div className="notice" data-tone="ok" role="status">
        <p>
          <strong>{project.name} is there.</strong> What is below is shown only now: copy what you need.
        </p>
      </div>
      <h3>Push to Hone itself</h3>
      <p className="dim">In the folder of your training script, a git repository:</p>
      <Copyable label="push commands" text={push} />
      {project.repoUrl === null ? null : <GitHubHook project={project} />}
      <p>
        <Link to={`/projects/${encodeURIComponent(project.name)}`} className="button">
          Go to {project.name}
        </Link>
      </p>
    </div>
  )
}

/** Only with a repository address: without one Hone would not know what to fetch. */
function GitHubHook({ project }: { project: NewProjectView }) {
  return (
    <>
      <h3>Or let GitHub tell Hone about pushes</h3>
      <p className="dim">
        Repository settings → Webhooks → Add webhook; content type <code>application/json</code>, just the
        push event.
      </p>
      <h4>Payload URL</h4>
      <Copyable label="webhook address" text={project.webhookUrl} />
      <h4>Secret</h4>
      <Copyable label="webhook secret" text={project.secret} />
    </>
  )
}

/** The form that makes a project, and afterwards its addresses and secrets. */
export function NewProject({ onCreated }: { onCreated?: () => void }) {
  const client = useQueryClient()
  const [created, setCreated] = useState<NewProjectView | null>(null)
  const create = useMutation({
    mutationFn: (body: object) => postJson<NewProjectView>('/projects', body),
    onSuccess: (project) => {
      setCreated(project)
      onCreated?.()
      void client.invalidateQueries({ queryKey: ['projects'] })
    },
  })
  if (created !== null) return <Created project={created} />

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
          name="name"
          required
          maxLength={64}
          placeholder="digits"
          autoComplete="off"
          spellCheck={false}
        />
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
      {create.isError ? <ErrorBox error={create.error} /> : null}
      <button type="submit" className="button" disabled={create.isPending}>
        {create.isPending ? 'Making it…' : 'Make the project'}
      </button>
    </form>
  )
}
