import { type FormEvent, useRef } from 'react'
import type { NewTokenView } from '../../../../src/http/contract.ts'
import { postJson } from '../../api.ts'
import { Card, ErrorBox } from '../basics.tsx'
import { NewToken } from './new-token.tsx'
import { endOf, TokenFields } from './token-fields.tsx'
import { useChange } from './use-change.ts'

/** The form that makes a user, and afterwards their first token. */
export function NewUser() {
  const fields = useRef<HTMLFormElement>(null)
  const make = useChange((body: object) => postJson<NewTokenView>('/admin/users', body))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const token = { name: String(form.get('token')), endsAt: endOf(form) }
    make.mutate(
      { name: String(form.get('name')), role: form.get('role'), token },
      { onSuccess: () => fields.current?.reset() },
    )
  }
  return (
    <Card title="New user">
      {make.data === undefined ? null : <NewToken made={make.data} onClose={make.reset} />}
      <form className="form" ref={fields} onSubmit={submit}>
        <div className="pair">
          <label>
            Name
            <input
              name="name"
              required
              maxLength={64}
              placeholder="ada"
              autoComplete="off"
              spellCheck={false}
            />
          </label>
          <label>
            Role
            <select name="role" defaultValue="viewer">
              <option value="viewer">viewer: reads only</option>
              <option value="admin">admin: everything</option>
            </select>
          </label>
        </div>
        <TokenFields />
        {make.isError ? <ErrorBox error={make.error} /> : null}
        <button type="submit" className="button" disabled={make.isPending}>
          {make.isPending ? 'Making it…' : 'Make the user'}
        </button>
      </form>
    </Card>
  )
}
