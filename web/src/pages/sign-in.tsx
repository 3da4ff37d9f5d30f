import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Card, ErrorBox } from '../parts/basics.tsx'
import { signIn } from '../session.ts'

export function SignIn() {
  const client = useQueryClient()
  const [token, setToken] = useState('')
  const enter = useMutation({
    mutationFn: () => signIn(token.trim()),
    onSuccess: () => client.resetQueries(),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    enter.mutate()
  }
  return (
    <div className="sign-in">
      <Card title="Sign in" isPage>
        <form onSubmit={submit} className="form">
          <label>
            Token
            <input
              type="password"
              autoComplete="current-password"
              required
              value={token}
              onChange={(event) => setToken(event.target.value)}
            />
          </label>
          {enter.isError ? <ErrorBox error={enter.error} /> : null}
          <button type="submit" className="button" disabled={enter.isPending}>
            Sign in
          </button>
        </form>
        <p className="dim small">
          Ask an admin for a token of your own. The owner has the one that <code>HONE_ADMIN_TOKEN</code> sets;
          where that is not set, Hone printed it when it was started first. Lost it? Start Hone with{' '}
          <code>HONE_ADMIN_TOKEN</code> set to another one.
        </p>
      </Card>
    </div>
  )
}
