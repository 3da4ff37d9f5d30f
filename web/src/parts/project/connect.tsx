import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ProjectView, RotatedView } from '../../../../src/http/contract.ts'
import { postJson } from '../../api.ts'
import { useBadge } from '../../project/queries.ts'
import { ForAdmins } from '../../who.tsx'
import { Ask } from '../ask.tsx'
import { Card, Loaded } from '../basics.tsx'
import { Copyable } from '../copyable.tsx'
import { Secrets } from './secrets.tsx'

function Badge({ project }: { project: string }) {
  const badge = useBadge(project)
  const client = useQueryClient()
  const rotate = useMutation({
    mutationFn: () =>
      postJson<RotatedView>(`/projects/${encodeURIComponent(project)}/rotate`, { what: 'badge' }),
    onSuccess: ({ badge: made }) => client.setQueryData(['badge', project], made),
  })
  return (
    <Card title="Badge">
      <p className="dim origin">
        How the last run stands, for a README. Who has this address sees the badge without login, and nothing
        else; with <code>&amp;branch=main</code> behind it, it is of that branch.
      </p>
      <Loaded query={badge}>
        {({ url, markdown }) => (
          <>
            <img
              className="badge-image"
              src={new URL(url).pathname + new URL(url).search}
              alt="Status badge"
            />
            <Copyable label="Markdown of the badge" text={markdown} />
          </>
        )}
      </Loaded>
      <ForAdmins>
        <div className="secret badge-key">
          {rotate.isSuccess ? (
            <p role="status">
              This is the new address. The old one shows no badge any more: change it where it stands.
            </p>
          ) : null}
          <Ask
            label="Rotate the badge’s key…"
            question={<strong>The present address shows no badge from then on.</strong>}
            really="Make a new one"
            keep="Keep it"
            change={rotate}
          />
        </div>
      </ForAdmins>
    </Card>
  )
}

/** What leads from elsewhere to the project: addresses, secrets, the badge. */
export default function ConnectSection({ project }: { project: ProjectView }) {
  return (
    <>
      <Card title="Addresses">
        {project.repoUrl === null ? (
          <>
            <h3>Git remote</h3>
            <Copyable label="git remote" text={project.gitRemote} />
            <p className="dim small">Any user name; the password is the push token that was shown once.</p>
          </>
        ) : null}
        <h3>Webhook</h3>
        <Copyable label="webhook address" text={project.webhookUrl} />
        <p className="dim small">
          For GitHub: content type <code>application/json</code>, just the push event, and the webhook secret
          that was shown once.
        </p>
      </Card>
      <Secrets project={project} />
      <Badge project={project.name} />
    </>
  )
}
