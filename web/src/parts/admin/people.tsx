import type { PeopleView } from '../../../../src/http/contract.ts'
import { deleteAt } from '../../api.ts'
import { plural } from '../../format.ts'
import { useGet } from '../../queries.ts'
import { signedOut } from '../../session.ts'
import { useMe } from '../../who.tsx'
import { Ask } from '../ask.tsx'
import { Card, Empty, Loaded } from '../basics.tsx'
import { NewUser } from './new-user.tsx'
import { useChange } from './use-change.ts'
import { UserCard } from './user-card.tsx'

/** Sessions begin and end elsewhere. */
const EVERY_MS = 5_000

/** Who is signed in here, and the end of all their sessions. */
function You() {
  const me = useMe()
  const leave = useChange(async () => {
    await deleteAt('/sessions')
    signedOut()
  })
  return (
    <Card title="You">
      <Loaded query={me}>
        {({ user, role, token }) => (
          <>
            <p>
              Signed in as <strong>{user}</strong>, {role === 'admin' ? 'an admin' : 'a viewer'}, with the
              token <code>{token}</code>.
            </p>
            <div className="row">
              <Ask
                label="Sign out everywhere"
                really="Really sign out everywhere"
                about={`as ${user}`}
                question="This ends your sessions in all browsers, this one too."
                change={leave}
              />
            </div>
          </>
        )}
      </Loaded>
    </Card>
  )
}

function Users() {
  const people = useGet<PeopleView>(['admin', 'people'], '/admin/people', { every: EVERY_MS })
  return (
    <Loaded query={people}>
      {({ owner, users }) => (
        <>
          <Card title="Owner">
            <p>
              The token of <strong>{owner.name}</strong> cannot be revoked here: start Hone with{' '}
              <code>HONE_ADMIN_TOKEN</code> set to another one, which ends its sessions, too.{' '}
              {plural(owner.sessions, 'session')} now.
            </p>
          </Card>
          <Card title="Users">
            {users.length === 0 ? (
              <Empty>
                Nobody besides the owner yet. Give each person a user of their own, so that the record says
                who did what.
              </Empty>
            ) : (
              <ul className="users">
                {users.map((user) => (
                  <UserCard key={user.id} user={user} />
                ))}
              </ul>
            )}
          </Card>
          <NewUser />
        </>
      )}
    </Loaded>
  )
}

export function People() {
  const me = useMe()
  return (
    <>
      <You />
      {me.data?.role === 'admin' ? <Users /> : null}
      {me.data?.role === 'viewer' ? (
        <Empty>A viewer sees runs, trials and logs, and changes nothing. Ask an admin for more.</Empty>
      ) : null}
    </>
  )
}
