import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import {
  AuditPage,
  BackupsView,
  CleanUpView,
  DataUseView,
  EngineView,
  MailSettingsView,
  MailTestRequest,
  MailTestView,
  MeView,
  NewTokenRequest,
  NewTokenView,
  NewUserRequest,
  PeopleView,
  SlotsView,
  UserChange,
  UserView,
} from './contract.ts'
import { json, op, text } from './openapi-operation.ts'

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
  '/admin/engine': { get: op('The engine, its images and disks; also while it is away', json(EngineView)) },
  '/admin/slots': {
    get: op('What trainings share, which of them hold it, and who waits', json(SlotsView)),
  },
  '/admin/mail': { get: op('The mail settings, without the password', json(MailSettingsView)) },
  '/admin/mail/test': {
    post: op(
      'Send a test mail now; answers what the server said, also where it refused',
      json(MailTestView),
      {
        body: MailTestRequest,
        errors: admin,
      },
    ),
  },
  '/admin/data': { get: op('Retention, and what the data folder holds', json(DataUseView)) },
  '/admin/data/clean-up': {
    post: op('Remove now what the retention lets go', json(CleanUpView), {
      errors: { ...admin, '503': 'The engine is away' },
    }),
  },
  '/admin/backups': {
    get: op('Backups that were made here', json(BackupsView), { errors: admin }),
    post: op('Begin to make a backup', json(BackupsView), {
      status: '202',
      errors: { ...admin, '409': 'One is being made already' },
    }),
  },
  '/admin/backups/{name}': {
    get: op('Download a backup; it holds secrets', text('application/gzip'), {
      requestParams: { path: z.object({ name: z.string().meta({ description: 'As the list gives it' }) }) },
      errors: admin,
    }),
  },
}
