import type { ReactNode } from 'react'
import type { ProjectOverview } from '../../../../src/http/contract/overview.ts'
import type { NewProjectView } from '../../../../src/http/contract.ts'
import { doneOf } from '../../home.ts'
import { ForAdmins } from '../../who.tsx'
import { Card, ErrorBox, RunState, Time, Words } from '../basics.tsx'
import { NewProjectForm, useNewProject } from '../new-project.tsx'
import { Connect, EXAMPLE } from './connect.tsx'
import { RunLink } from './project-card.tsx'

function Step({ title, done, children }: { title: string; done: boolean; children: ReactNode }) {
  return (
    <li data-done={done}>
      <h3>
        {title}
        {done ? <span className="unseen">: done</span> : null}
      </h3>
      {children}
    </li>
  )
}

/** What was received last, where it has not made a run. */
function Received({ delivery }: { delivery: NonNullable<ProjectOverview['delivery']> }) {
  const { event, outcome, reason, receivedAt } = delivery
  return (
    <p className="dim">
      Received: {event} <Time at={receivedAt} />
      {outcome === 'ping' ? '. The connection works; a push starts the first run.' : null}
      {reason === null ? null : (
        <>
          : <Words text={reason} />
        </>
      )}
    </p>
  )
}

/** Makes the project of an example in place of one of the visitor's own. */
function TryExample({ onCreated }: Pick<Props, 'onCreated'>) {
  const create = useNewProject(onCreated)
  return (
    <>
      <div className="ask">
        <span className="dim">No script at hand?</span>
        <button type="button" disabled={create.isPending} onClick={() => create.mutate(EXAMPLE)}>
          Try the example
        </button>
      </div>
      {create.isError ? <ErrorBox error={create.error} /> : null}
    </>
  )
}

interface Props {
  /** The project that it is about; none before it is made. */
  project: ProjectOverview | undefined
  secrets: NewProjectView | null
  onCreated: (project: NewProjectView) => void
  /** There is nothing else on the page. */
  isPage: boolean
}

/** Three steps to the first run; each goes green by itself when it has happened. */
export default function Start({ project, secrets, onCreated, isPage }: Props) {
  const done = doneOf(project)
  const known = project ?? secrets
  return (
    <Card title="Start here" isPage={isPage}>
      <ol className="steps">
        <Step title="Make a project" done={known !== null}>
          {known === null ? (
            <>
              <p className="dim">
                One repository with a plain training script, and the accuracy that you want of it.
              </p>
              <NewProjectForm onCreated={onCreated} />
              <ForAdmins>
                <TryExample onCreated={onCreated} />
              </ForAdmins>
            </>
          ) : (
            <p>
              <strong>{known.name} is there.</strong>{' '}
              {secrets === null ? null : 'What is below is shown only now: copy what you need.'}
            </p>
          )}
        </Step>
        <Step title="Push to it, or connect GitHub" done={done.connected}>
          {project?.delivery && !done.ran ? <Received delivery={project.delivery} /> : null}
          {known === null ? (
            <p className="dim">
              The project gets a git remote of its own to push to or, where you named its repository, a
              webhook for GitHub: here, with what to type, as soon as it is made.
            </p>
          ) : (
            <Connect project={known} secrets={secrets} />
          )}
        </Step>
        <Step title="See the first run" done={done.ran}>
          {project?.last ? (
            <div className="row">
              <RunLink run={project.last} />
              <RunState run={project.last} />
            </div>
          ) : (
            <p className="dim">It begins with the first push, and shows itself here.</p>
          )}
        </Step>
      </ol>
    </Card>
  )
}
