import { type Response, Router } from 'express'
import { OWNER, USER_NAME, type User } from '../../../domain/access.ts'
import { hashOf, newSecret } from '../../../secrets.ts'
import type { Store } from '../../../store/store.ts'
import type { Access } from '../../access.ts'
import { audit } from '../../audit.ts'
import {
  NewTokenRequest,
  type NewTokenView,
  NewUserRequest,
  type PeopleView,
  UserChange,
  type UserView,
} from '../../contract.ts'
import { badRequest, HttpError } from '../../errors.ts'
import type { Streams } from '../../streams.ts'
import { bodyOf, lookUp } from '../params.ts'

const MOST_USERS = 1000
const MOST_TOKENS = 100

/** `/admin/people`, `/admin/users` and `/admin/tokens`: for admins only. */
export function peopleRoutes(store: Store, access: Access, streams: Streams): Router {
  const router = Router()
  const find = lookUp(store)
  router.use(access.adminsOnly)

  const view = (user: User): UserView => ({
    ...user,
    tokens: store.tokens
      .ofUser(user.id)
      .map(({ userId: _, ...token }) => ({ ...token, sessions: store.sessions.count(token.id) })),
  })

  /** Inside a transaction. @returns the token itself: only its hash is kept */
  const makeToken = (response: Response, user: User, request: NewTokenRequest): string => {
    checkToken(store, user, request)
    const token = `hone_${newSecret()}`
    const { name, endsAt = null } = request
    store.tokens.insert({ userId: user.id, name, endsAt, hash: hashOf(token) })
    audit(store, response, 'token made', `${name} of ${user.name}`)
    return token
  }

  router.get('/people', (_request, response) => {
    const answer: PeopleView = {
      owner: { name: OWNER, sessions: store.sessions.count(null) },
      users: store.users.all().map(view),
    }
    response.json(answer)
  })

  router.post('/users', (request, response) => {
    const { token: first, name, role } = bodyOf(NewUserRequest, request.body)
    const made = store.transaction((): NewTokenView => {
      checkName(store, name)
      const user = store.users.insert({ name, role })
      audit(store, response, 'user made', `${name}, ${role}`)
      const token = makeToken(response, user, first)
      return { user: view(user), token }
    })
    response.status(201).json(made)
  })

  router.patch('/users/:id', (request, response) => {
    const user = find.user(request.params.id)
    const { role } = bodyOf(UserChange, request.body)
    store.transaction(() => {
      store.users.setRole(user.id, role)
      audit(store, response, 'user changed', `${user.name}: from ${user.role} to ${role}`)
    })
    response.json(view({ ...user, role }))
  })

  router.delete('/users/:id', (request, response) => {
    const user = find.user(request.params.id)
    store.transaction(() => {
      store.users.remove(user.id)
      audit(store, response, 'user removed', user.name)
    })
    streams.recheck()
    response.status(204).end()
  })

  router.post('/users/:id/tokens', (request, response) => {
    const user = find.user(request.params.id)
    const body = bodyOf(NewTokenRequest, request.body)
    const token = store.transaction(() => makeToken(response, user, body))
    response.status(201).json({ user: view(user), token } satisfies NewTokenView)
  })

  router.delete('/tokens/:id', (request, response) => {
    const token = find.token(request.params.id)
    store.transaction(() => {
      store.tokens.revoke(token.id)
      audit(store, response, 'token revoked', `${token.name} of ${store.users.byId(token.userId)?.name}`)
    })
    streams.recheck()
    response.status(204).end()
  })
  return router
}

/** @throws HttpError 400 `bad-name`, 409 `name-taken` or `too-many-users` */
function checkName(store: Store, name: string): void {
  if (!USER_NAME.test(name))
    throw badRequest(
      'bad-name',
      `'${name}' cannot be a user's name.`,
      "Use up to 64 letters, digits, spaces, '.', '_', '@' and '-', with a letter or digit at both ends.",
    )
  if (name.toLowerCase() === OWNER || store.users.byName(name))
    throw new HttpError(409, 'name-taken', `There is a user '${name}' already.`, 'Choose another name.')
  if (store.users.all().length >= MOST_USERS)
    throw new HttpError(409, 'too-many-users', `There are ${MOST_USERS} users already.`, 'Remove one first.')
}

/** @throws HttpError 400 `bad-end`, 409 `name-taken` or `too-many-tokens` */
function checkToken(store: Store, user: User, { name, endsAt }: NewTokenRequest): void {
  if (endsAt != null && endsAt <= store.now())
    throw badRequest('bad-end', 'The end of the token has passed already.', 'Choose a later day, or none.')
  const tokens = store.tokens.ofUser(user.id)
  if (tokens.some((known) => known.name.toLowerCase() === name.toLowerCase()))
    throw new HttpError(
      409,
      'name-taken',
      `${user.name} has a token '${name}' already.`,
      'Choose another name, or revoke that one first.',
    )
  if (tokens.length >= MOST_TOKENS)
    throw new HttpError(
      409,
      'too-many-tokens',
      `${user.name} has ${MOST_TOKENS} tokens already.`,
      'Revoke one first.',
    )
}
