import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { RotatedView } from '../../../../src/http/contract.ts'
import { postJson } from '../../api.ts'
import { Card, Copyable, ErrorBox } from '../basics.tsx'

interface SecretProps {
  project: string
  what: 'secret' | 'push-token'
  title: string
  about: string
  /** What stops working. */
  warning: string
}

function Secret({ project, what, title, about, warning }: SecretProps) {
  const [isAsking, setAsking] = useState(false)
  const rotate = useMutation({
    mutationFn: () => postJson<RotatedView>(`/projects/${encodeURIComponent(project)}/rotate`, { what }),
    onSettled: () => setAsking(false),
  })
  const made = rotate.data?.secret ?? rotate.data?.pushToken
  return (
    <section className="secret" aria-label={title}>
      <h3>{title}</h3>
      <p className="dim">{about}</p>
      {rotate.isError ? <ErrorBox error={rotate.error} /> : null}
      {made === undefined ? null : (
        <>
          <div className="notice" data-tone="ok" role="status">
            <p>
              <strong>This is the new one.</strong> It is shown only now: copy it. The old one is refused.
            </p>
          </div>
          <Copyable label={title} text={made} />
        </>
      )}
      {isAsking ? (
        <div className="question">
          <p>
            <strong>{warning}</strong>
          </p>
          <button
            type="button"
            className="danger"
            disabled={rotate.isPending}
            onClick={() => rotate.mutate()}
          >
            Make a new one
          </button>
          <button type="button" onClick={() => setAsking(false)}>
            Keep it
          </button>
        </div>
      ) : made === undefined ? (
        <button type="button" onClick={() => setAsking(true)}>
          Rotate the {title.toLowerCase()}…
        </button>
      ) : null}
    </section>
  )
}

/** The project's secrets are never shown again: what is lost or leaked is replaced. */
export const Secrets = ({ project, isOwnRemote }: { project: string; isOwnRemote: boolean }) => (
  <Card title="Secrets">
    <Secret
      project={project}
      what="secret"
      title="Webhook secret"
      about="GitHub signs each delivery with it."
      warning="Deliveries signed with the present secret are refused at once, until the webhook has the new one."
    />
    {isOwnRemote ? (
      <Secret
        project={project}
        what="push-token"
        title="Push token"
        about="The password of the git remote."
        warning="Pushes with the present token are refused at once, until each remote has the new one."
      />
    ) : null}
  </Card>
)
