import { useMutation } from '@tanstack/react-query'
import type { BranchView, RunView, TrialSummary } from '../../../src/http/contract.ts'
import { postJson } from '../api.ts'
import { keepBranch, useBranch, useProject } from '../queries.ts'
import { ForAdmins } from '../who.tsx'
import { ErrorBox } from './basics.tsx'
import { Copyable } from './copyable.tsx'

/** How to fetch from Hone's own remote in a folder that has no remote of the name `hone`. */
const WithoutRemote = ({ address }: { address: string }) => (
  <p className="dim small note">
    <code>hone</code> is the remote that you push to. In a folder without it write <code>{address}</code> in
    the place of <code>hone</code>: git then asks for any user name, and for the project’s push token as the
    password.
  </p>
)

/** The branch, the commands that fetch it, and where it can become a pull request. */
function BranchThere({ branch, own }: { branch: BranchView; own: string | undefined }) {
  return (
    <>
      <p role="status">
        <code>{branch.branch}</code> is there: one commit on yours.
      </p>
      <Copyable text={branch.commands} label="the commands that fetch the branch" />
      {own === undefined ? null : <WithoutRemote address={own} />}
      {branch.pullRequest === null ? null : (
        <p>
          <a className="button" href={branch.pullRequest} target="_blank" rel="noreferrer">
            Open a pull request
          </a>
        </p>
      )}
    </>
  )
}

/** Hone pushes the branch where the project's code is, when it is asked to. */
function MakeBranch({ trial, isOwn }: { trial: TrialSummary; isOwn: boolean }) {
  const make = useMutation({
    mutationFn: () => postJson<BranchView>(`/trials/${trial.id}/branch`),
    onSuccess: (made) => keepBranch(trial.id, isOwn, made),
  })
  return (
    <>
      <p className="take">
        <button type="button" disabled={make.isPending} onClick={() => make.mutate()}>
          Make a branch
        </button>
        <span className="dim">
          {`Hone pushes it to ${isOwn ? 'its own git remote' : "the project's repository"}: one commit on yours`}
        </span>
      </p>
      {make.isError ? <ErrorBox error={make.error} /> : null}
    </>
  )
}

/** The branch of a trial's source: what fetches it where it is there, as that of a winner is, else a button that makes it. */
export function Branch({ run, trial }: { run: RunView; trial: TrialSummary }) {
  const project = useProject(run.project)
  const there = useBranch(trial.id)
  if (project.data === undefined || there.isPending) return null
  const own = project.data.repoUrl === null ? project.data.gitRemote : undefined
  if (there.data) return <BranchThere branch={there.data} own={own} />
  return (
    <ForAdmins>
      <MakeBranch trial={trial} isOwn={own !== undefined} />
    </ForAdmins>
  )
}
