import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ProjectOverview, WebhookTestView } from '../../../../src/http/contract/overview.ts'
import type { NewProjectView } from '../../../../src/http/contract.ts'
import { postJson } from '../../api.ts'
import { remoteWith } from '../../project/remote.ts'
import { projectAddress } from '../../project/sections.ts'
import { Link } from '../../router.tsx'
import { ForAdmins } from '../../who.tsx'
import { ErrorBox, Words } from '../basics.tsx'
import { Copyable } from '../copyable.tsx'

type Addressed = Pick<ProjectOverview, 'name' | 'repoUrl' | 'webhookUrl' | 'gitRemote'>
/** What is shown once, when the project was made. */
type Secrets = Pick<NewProjectView, 'secret' | 'pushToken'>

const exampleWith = (remote: string) =>
  [
    'cp -r examples/digits-sklearn my-digits && cd my-digits',
    'git init -b main && git add . && git commit -m "Train on the digits"',
    `git push ${remote} HEAD:main`,
  ].join('\n')

const TONES = { reached: 'ok', refused: 'bad', unreachable: 'bad' } as const
const TITLES = { reached: 'Reached.', refused: 'Refused.', unreachable: 'Not reachable.' } as const

function TestResult({ outcome, message, remedy, local }: WebhookTestView) {
  return (
    <div
      className="notice"
      data-tone={outcome === 'reached' && local ? 'warn' : TONES[outcome]}
      role="status"
    >
      <p>
        <strong>{TITLES[outcome]}</strong> <Words text={message} />{' '}
        {remedy === null ? null : <Words text={remedy} />}
      </p>
    </div>
  )
}

/** Lets the server send a signed ping to its own public address. */
function TestWebhook({ name }: { name: string }) {
  const client = useQueryClient()
  const test = useMutation({
    mutationFn: () => postJson<WebhookTestView>(`/projects/${encodeURIComponent(name)}/webhook/test`),
    onSettled: () => client.invalidateQueries({ queryKey: ['overview'] }),
  })
  return (
    <>
      <div className="ask">
        <button type="button" disabled={test.isPending} onClick={() => test.mutate()}>
          {test.isPending ? 'Sending…' : 'Send a test'}
        </button>
        <span className="dim small">A signed ping, as GitHub sends one, to the payload URL.</span>
      </div>
      {test.data === undefined ? null : <TestResult {...test.data} />}
      {test.isError ? <ErrorBox error={test.error} /> : null}
    </>
  )
}

/** Where new secrets are made when those that were shown are gone. */
const Gone = ({ name, what }: { name: string; what: string }) => (
  <p className="dim small">
    The {what} was shown once, when the project was made. A new one is made on the page of{' '}
    <Link to={projectAddress(name, 'connect')}>{name}</Link>, under Secrets.
  </p>
)

/** Where the code lies elsewhere, Hone is told of pushes, and fetches them. */
function GitHub({ project, secrets }: { project: Addressed; secrets: Secrets | null }) {
  return (
    <>
      <h3>Let GitHub tell Hone about pushes</h3>
      <p className="dim">
        Repository settings → Webhooks → Add webhook; content type <code>application/json</code>, just the
        push event.
      </p>
      <h4>Payload URL</h4>
      <Copyable label="webhook address" text={project.webhookUrl} />
      <h4>Secret</h4>
      {secrets === null ? (
        <Gone name={project.name} what="secret" />
      ) : (
        <Copyable label="webhook secret" text={secrets.secret} />
      )}
      <ForAdmins>
        <TestWebhook name={project.name} />
      </ForAdmins>
    </>
  )
}

const EXAMPLE_NAME = 'digits-example'
/** What the example's project is made with: a target that its own values miss, and the search meets. */
export const EXAMPLE = { name: EXAMPLE_NAME, settings: { target: 0.97, trials: 40 } }

function Example({ remote, open }: { remote: string; open: boolean }) {
  return (
    <details open={open}>
      <summary>No script at hand? Push an example</summary>
      <p className="dim">In Hone’s folder:</p>
      <Copyable label="example commands" text={exampleWith(remote)} />
    </details>
  )
}

/** Without a repository of its own elsewhere, the code lies with Hone. */
function OwnRemote({ project, secrets }: { project: Addressed; secrets: Secrets | null }) {
  const { gitRemote, name } = project
  const remote = secrets === null ? gitRemote : remoteWith(gitRemote, secrets.pushToken)
  const isExample = name === EXAMPLE_NAME
  return (
    <>
      {isExample ? <Example remote={remote} open /> : null}
      <h3>Push to Hone itself</h3>
      <p className="dim">In the folder of your training script, a git repository:</p>
      <Copyable label="push commands" text={`git remote add hone ${remote}\ngit push hone HEAD:main`} />
      {secrets === null ? <Gone name={name} what="push token, which git asks for as the password," /> : null}
      {isExample ? null : <Example remote={remote} open={false} />}
    </>
  )
}

/** The way that commits come to Hone by, with what to type. */
export function Connect(props: { project: Addressed; secrets: Secrets | null }) {
  const Way = props.project.repoUrl === null ? OwnRemote : GitHub
  return (
    <div className="connect">
      <Way {...props} />
    </div>
  )
}
