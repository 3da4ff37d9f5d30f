import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import {
  AuditPage,
  MeView,
  NewTokenRequest,
  NewTokenView,
  NewUserRequest,
  PeopleView,
  UserChange,
  UserView,
} from './contract.ts'
import { json, op } from './openapi-operation.ts'

const id = z.object({ id: z.string().meta({ description: 'Number of the row, as the lists give it' }) })
const whole = z.coerce.number().int().min(0).optional()
const admin = { '403': 'For admins only' } as const

/** What belongs to people and to the house itself. */
export const adminPaths: ZodOpenApiPathsObject = {
  '/me': { get: op('Who makes the request', json(MeView)) },
  '/sessions': {
    delete: op('End all sessions of who asks, in every browser', null, { status: '204' }),
  },
  '/admin/people': { get: op('Users and their tokens', json(PeopleView), { errors: admin }) },
  '/admin/users': {
    post: op('Make a user with a first token, which is answered this once', json(NewTokenView), {
      body: NewUserRequest,
      status: '201',
      errors: { ...admin, '409': 'The name is taken' },
    }),
  },
  '/admin/users/{id}': {
    patch: op('Change the role of a user', json(UserView), {
      requestParams: { path: id },
      body: UserChange,
      errors: admin,
    }),
    delete: op('Remove a user with all tokens and sessions', null, {
      requestParams: { path: id },
      status: '204',
      errors: admin,
    }),
  },
  '/admin/users/{id}/tokens': {
    post: op('Make another token of a user, which is answered this once', json(NewTokenView), {
      requestParams: { path: id },
      body: NewTokenRequest,
      status: '201',
      errors: { ...admin, '409': 'The user has a token of this name' },
    }),
  },
  '/admin/tokens/{id}': {
    delete: op('Revoke a token, and end the sessions that were opened with it', null, {
      requestParams: { path: id },
      status: '204',
      errors: admin,
    }),
  },
  '/admin/audit': {
    get: op('Who did what, newest first', json(AuditPage), {
      requestParams: {
        query: z.object({
          user: z.string().optional(),
          action: z.string().optional(),
          before: whole.meta({ description: '`next` of the page before' }),
          limit: whole.meta({ description: '100 where it is not given, at most 500' }),
        }),
      },
      errors: admin,
    }),
  },
}
