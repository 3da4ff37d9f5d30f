import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { adminSectionOf } from './admin-sections.ts'
import { useLive, useLiveState } from './live.ts'
import { Home } from './pages/home.tsx'
import { MailPage, MailsPage } from './pages/mails.tsx'
import { ProjectPage } from './pages/project.tsx'
import { RunPage } from './pages/run.tsx'
import { RunNumberPage } from './pages/run-number.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { Card, isMissing, Loading, Time, Words } from './parts/basics.tsx'
import { Boundary } from './parts/boundary.tsx'
import { SkipLink, useFocused } from './parts/skip-link.tsx'
import { projectSectionOf } from './project/sections.ts'
import { useHealth, useRun } from './queries.ts'
import { Link, match, useAddress } from './router.tsx'
import { runsOf } from './run-compare.ts'
import { sectionOf } from './sections.ts'
import { signOut, useSession } from './session.ts'
import { useTitle } from './title.ts'
import { useMe } from './who.tsx'

const AdminPage = lazy(() => import('./pages/admin.tsx'))

const ComparePage = lazy(() => import('./pages/compare.tsx'))
const NewProject = lazy(() => import('./parts/new-project.tsx'))

interface Page {
  /** null: the content names itself, since it knows more. */
  title: string | null
  /** The run that it is about, whose own stream is enough; its sections are one page. */
  run?: number
  /** Of several addresses that are one page: what they have in common. */
  page?: string
  content: ReactNode
}

function pageFor(address: string): Page {
  const [path = '/', query = ''] = address.split('?')
  const run = match('/runs/:id', path) ?? match('/runs/:id/:section', path)
  const section = sectionOf(run?.section)
  const project = match('/projects/:name', path) ?? match('/projects/:name/:section', path)
  const part = projectSectionOf(project?.section)
  const numbered = match('/projects/:name/runs/:number', path)
  const mail = match('/mails/:id', path)
  const admin = match('/admin', path) ?? match('/admin/:section', path)
  const adminPart = adminSectionOf(admin?.section)
  if (path === '/') return { title: 'Projects', content: <Home /> }
  if (path === '/new') {
    const content = (
      <Card title="New project" isPage>
        <Suspense fallback={<Loading />}>
          <NewProject />
        </Suspense>
      </Card>
    )
    return { title: 'New project', content }
  }
  if (run && section && /^\d+$/.test(run.id ?? '')) {
    const trial = new URLSearchParams(query).get('trial')
    const chosen = trial === null ? null : Number(trial)
    const content = <RunPage key={run.id} id={Number(run.id)} section={section} chosen={chosen} />
    return { title: null, run: Number(run.id), content }
  }
  if (admin && adminPart) {
    const content = (
      <Suspense fallback={<Loading />}>
        <AdminPage section={adminPart} />
      </Suspense>
    )
    return { title: null, page: '/admin', content }
  }
  if (project?.name && part) {
    const content = <ProjectPage key={project.name} name={project.name} section={part} />
    return { title: null, page: `/projects/${project.name}`, content }
  }
  if (path === '/compare') {
    const runs = runsOf(new URLSearchParams(query).get('runs'))
    const content = (
      <Suspense fallback={<Loading />}>
        <ComparePage ids={runs} />
      </Suspense>
    )
    return { title: null, content }
  }
  if (numbered?.name && /^\d{1,15}$/.test(numbered.number ?? '')) {
    const { name, number = '' } = numbered
    return { title: null, content: <RunNumberPage project={name} number={number} /> }
  }
  if (path === '/mails') return { title: 'Mails', content: <MailsPage /> }
  if (mail && /^\d+$/.test(mail.id ?? '')) return { title: null, content: <MailPage id={Number(mail.id)} /> }
  const content = (
    <Card title="There is no such page" isPage>
      <p>
        <Link to="/">All projects</Link>
      </p>
    </Card>
  )
  return { title: 'Not found', content }
}

/**
 * What is wrong with Hone's surroundings, and whether the page still hears from the server. A screen reader is told of
 * it, but not each time that the time since then is another.
 */
function Problems() {
  const health = useHealth()
  const live = useLiveState()
  return (
    <div aria-live="polite">
      {live === 'lost' ? (
        <div className="notice" data-tone="warn">
          <p>
            <strong>Connection lost.</strong> What you see may be old; it is tried again until the server
            answers.
          </p>
        </div>
      ) : null}
      {health.data?.problems.map(({ part, since, message, remedy }) => (
        <div className="notice" data-tone="bad" key={part}>
          <p>
            <strong>
              <Words text={message} />
            </strong>{' '}
            <Words text={remedy} />{' '}
            <span className="dim small" aria-live="off">
              {part}, <Time at={since} />
            </span>
          </p>
        </div>
      ))}
    </div>
  )
}

function LiveMark() {
  const state = useLiveState()
  const words = { connecting: 'connecting', live: 'live', lost: 'connection lost' }[state]
  return (
    <span className="live" data-live={state} role="status">
      {words}
    </span>
  )
}

function LiveAll() {
  useLive('/events')
  return <LiveMark />
}

/** The stream of a run begins a little before what the page has, so that the latest progress line is in it. */
const REPLAY = 300

function LiveRun({ id }: { id: number }) {
  const query = useRun(id)
  const cursor = query.data?.lastEventId
  const [first, setFirst] = useState<number>()
  if (first === undefined && cursor !== undefined) setFirst(cursor)
  useLive(first === undefined ? null : `/runs/${id}/events?after=${Math.max(0, first - REPLAY)}`, first)
  // There is nothing to follow.
  if (isMissing(query.error)) return null
  return <LiveMark />
}

function Who() {
  const me = useMe().data
  if (me === undefined) return null
  return (
    <Link to="/admin/people" className="who" title={`Signed in as ${me.user}, ${me.role}`}>
      <span className="unseen">Signed in as </span>
      {me.user}
      {me.role === 'viewer' ? <span className="tag">viewer</span> : null}
    </Link>
  )
}

interface SignOutProps {
  leave: () => void
  isLeaving: boolean
}

const SignOut = ({ leave, isLeaving }: SignOutProps) => (
  <button type="button" className="quiet" disabled={isLeaving} onClick={leave}>
    Sign out
  </button>
)

/** Who leaves a shared machine must know. */
const StillSignedIn = ({ error }: { error: Error }) => (
  <div className="notice" data-tone="bad" role="alert">
    <p>
      <strong>You are still signed in:</strong> <Words text={error.message} /> Try it again.
    </p>
  </div>
)

export function App() {
  const address = useAddress()
  const session = useSession()
  const client = useQueryClient()
  const page = pageFor(address)
  useEffect(() => {
    if (session === 'out') client.clear()
  }, [session, client])
  const leaving = useMutation({ mutationFn: signOut })
  const key = page.run ?? page.page ?? address.split('?')[0]
  const main = useFocused(key, address.split('?')[0])
  const signedIn = session === 'in'
  useTitle(signedIn ? page.title : 'Sign in')
  return (
    <>
      <SkipLink to={main} />
      <header className="top">
        <div className="inner">
          <Link to="/" className="brand">
            <img src="/icon.svg" alt="" width={24} height={24} />
            Hone
          </Link>
          {signedIn ? (
            <nav aria-label="Main">
              <Link to="/">Projects</Link>
              <Link to="/mails">Mails</Link>
              <Link to="/admin">Admin</Link>
            </nav>
          ) : null}
          {signedIn ? (
            <>
              {page.run === undefined ? <LiveAll /> : <LiveRun key={page.run} id={page.run} />}
              <Who />
              <SignOut leave={leaving.mutate} isLeaving={leaving.isPending} />
            </>
          ) : null}
        </div>
      </header>
      <main className="inner" ref={main} tabIndex={-1}>
        {signedIn ? (
          <>
            {leaving.isError ? <StillSignedIn error={leaving.error} /> : null}
            <Problems />
            <Boundary key={key}>{page.content}</Boundary>
          </>
        ) : (
          <SignIn />
        )}
      </main>
    </>
  )
}
