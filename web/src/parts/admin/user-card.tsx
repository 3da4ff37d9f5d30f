import { type FormEvent, useState } from 'react'
import type { NewTokenView, TokenView, UserView } from '../../../../src/http/contract.ts'
import { deleteAt, patchJson, postJson } from '../../api.ts'
import { plural } from '../../format.ts'
import { Ask } from '../ask.tsx'
import { ErrorBox, Time } from '../basics.tsx'
import { NewToken } from './new-token.tsx'
import { endOf, TokenFields } from './token-fields.tsx'
import { useChange } from './use-change.ts'

function TokenRow({ user, token }: { user: UserView; token: TokenView }) {
  const revoke = useChange(() => deleteAt(`/admin/tokens/${token.id}`))
  return (
    <li>
      <span className="strong">{token.name}</span>
      <span className="dim small">
        made <Time at={token.createdAt} />
      </span>
      <span className="dim small">
        {token.lastUsedAt === null ? (
          'never used'
        ) : (
          <>
            last used <Time at={token.lastUsedAt} />
          </>
        )}
      </span>
      <span className={`small ${token.endsAt !== null && token.endsAt <= Date.now() ? 'bad' : 'dim'}`}>
        {token.endsAt === null ? (
          'no end'
        ) : (
          <>
            {token.endsAt <= Date.now() ? 'ended ' : 'ends '}
            <Time at={token.endsAt} />
          </>
        )}
      </span>
      <span className="dim small">{plural(token.sessions, 'session')}</span>
      <span className="push">
        <Ask
          label="Revoke"
          really="Really revoke"
          about={`${token.name} of ${user.name}`}
          question="Its sessions end, too."
          change={revoke}
        />
      </span>
    </li>
  )
}

/** Another token of the user; shown once when it is made. */
function AnotherToken({ user }: { user: UserView }) {
  const [open, setOpen] = useState(false)
  const make = useChange((body: object) => postJson<NewTokenView>(`/admin/users/${user.id}/tokens`, body))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    make.mutate({ name: String(form.get('token')), endsAt: endOf(form) }, { onSuccess: () => setOpen(false) })
  }
  return (
    <>
      {make.data === undefined ? null : <NewToken made={make.data} onClose={make.reset} />}
      {open ? (
        <form className="form" onSubmit={submit}>
          <TokenFields />
          {make.isError ? <ErrorBox error={make.error} /> : null}
          <div className="row">
            <button type="submit" className="button" disabled={make.isPending}>
              Make the token
            </button>
            <button type="button" className="quiet" onClick={() => setOpen(false)}>
              Never mind
            </button>
          </div>
        </form>
      ) : (
        <button type="button" aria-label={`New token of ${user.name}`} onClick={() => setOpen(true)}>
          New token
        </button>
      )}
    </>
  )
}

/** A user with their role and tokens. */
export function UserCard({ user }: { user: UserView }) {
  const change = useChange((role: string) => patchJson(`/admin/users/${user.id}`, { role }))
  const remove = useChange(() => deleteAt(`/admin/users/${user.id}`))
  return (
    <li>
      <div className="row">
        <h3>{user.name}</h3>
        <select
          aria-label={`Role of ${user.name}`}
          value={user.role}
          disabled={change.isPending}
          onChange={(event) => change.mutate(event.target.value)}
        >
          <option value="viewer">viewer</option>
          <option value="admin">admin</option>
        </select>
        <span className="dim small">
          since <Time at={user.createdAt} />
        </span>
        <span className="push">
          <Ask
            label="Remove"
            really="Really remove"
            about={user.name}
            question={`${user.name} cannot sign in any more; all their tokens and sessions end.`}
            change={remove}
          />
        </span>
      </div>
      {change.isError ? <ErrorBox error={change.error} /> : null}
      <ul className="tokens">
        {user.tokens.map((token) => (
          <TokenRow key={token.id} user={user} token={token} />
        ))}
      </ul>
      {user.tokens.length === 0 ? <p className="dim small">No token: they cannot sign in.</p> : null}
      <AnotherToken user={user} />
    </li>
  )
}
