import { useMutation } from '@tanstack/react-query'
import type { ProjectView, RotatedView } from '../../../../src/http/contract.ts'
import { postJson } from '../../api.ts'
import { setUrlCommand } from '../../project/remote.ts'
import { ForAdmins } from '../../who.tsx'
import { Ask } from '../ask.tsx'
import { Card } from '../basics.tsx'
import { Copyable } from '../copyable.tsx'

interface SecretProps {
  project: string
  what: 'secret' | 'push-token'
  title: string
  about: string
  /** What stops working. */
  warning: string
  /** What puts the new one where the old one was. */
  commandOf?: (made: string) => string
}

/** The button that was pressed is gone. */
const focus = (element: HTMLElement | null) => element?.focus()

function Secret({ project, what, title, about, warning, commandOf }: SecretProps) {
  const rotate = useMutation({
    mutationFn: () => postJson<RotatedView>(`/projects/${encodeURIComponent(project)}/rotate`, { what }),
  })
  const made = rotate.data?.secret ?? rotate.data?.pushToken
  return (
    <section className="secret" aria-label={title}>
      <h3>{title}</h3>
      <p className="dim">{about}</p>
      {made === undefined ? null : (
        <>
          <div className="notice" data-tone="ok" role="status" tabIndex={-1} ref={focus}>
            <p>
              <strong>This is the new one.</strong> It is shown only now: copy it. The old one is refused.
            </p>
          </div>
          <Copyable label={title} text={made} />
          {commandOf === undefined ? null : (
            <>
              <p className="dim">In each folder that pushes to the remote hone:</p>
              <Copyable label="command with the new token" text={commandOf(made)} />
            </>
          )}
        </>
      )}
      {made === undefined ? (
        <Ask
          label={`Rotate the ${title.toLowerCase()}…`}
          question={<strong>{warning}</strong>}
          really="Make a new one"
          keep="Keep it"
          change={rotate}
        />
      ) : null}
    </section>
  )
}

type Connected = Pick<ProjectView, 'name' | 'repoUrl' | 'gitRemote'>

/** The project's secrets are never shown again: what is lost or leaked is replaced. */
export const Secrets = ({ project: { name, repoUrl, gitRemote } }: { project: Connected }) => (
  <ForAdmins>
    <Card title="Secrets">
      <Secret
        project={name}
        what="secret"
        title="Webhook secret"
        about="GitHub signs each delivery with it."
        warning="Deliveries signed with the present secret are refused at once, until the webhook has the new one."
      />
      {repoUrl === null ? (
        <Secret
          project={name}
          what="push-token"
          title="Push token"
          about="The password of the git remote."
          warning="Pushes with the present token are refused at once, until each remote has the new one."
          commandOf={(token) => setUrlCommand(gitRemote, token)}
        />
      ) : null}
    </Card>
  </ForAdmins>
)
