import { z } from 'zod'
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi'
import { ProjectChange, RerunRequest, RunRequest, SessionRequest } from './api/requests.ts'
import { OverviewView, WebhookTestView } from './contract/overview.ts'
import {
  BranchView,
  CurveView,
  DeliveryView,
  EventView,
  HealthView,
  LogLinesView,
  LogNotice,
  LogSearchView,
  MailView,
  NewProject,
  NewProjectView,
  ProjectView,
  RunState,
  RunSummary,
  RunView,
  TrialView,
} from './contract.ts'
import { adminPaths } from './openapi-admin.ts'
import { json, name, op, text } from './openapi-operation.ts'
import { projectPaths } from './openapi-project.ts'

const id = z.object({ id: z.string().meta({ description: 'Number of the row, as the lists give it' }) })
const whole = z.coerce.number().int().min(0).optional()

const after = z.object({ after: whole })
const runFilter = z.object({
  project: z.string().optional(),
  branch: z.string().optional(),
  state: RunState.optional(),
  stopped: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'Whether a person stopped it at its best' }),
  author: z.string().optional(),
  q: z
    .string()
    .optional()
    .meta({ description: 'Part of the message in any case, or the beginning of the commit' }),
  limit: whole,
  before: whole.meta({ description: 'Id of a run: only earlier ones' }),
})
const streamed = text('text/event-stream')

const paths: ZodOpenApiPathsObject = {
  '/session': {
    get: op('Whether the browser is logged in', null, { status: '204' }),
    post: {
      ...op('Log in: a cookie for a token', null, {
        status: '204',
        body: SessionRequest,
        errors: { '403': 'The request comes from another site', '415': 'It is not JSON' },
      }),
      security: [],
    },
    delete: { ...op('Log out', null, { status: '204' }), security: [] },
  },
  '/projects': {
    get: op('All projects', json(z.array(ProjectView))),
    post: op('Make a project; secret and push token are answered this once', json(NewProjectView), {
      body: NewProject,
      status: '201',
      errors: {
        '409': 'The name is taken, or the files of a deleted project of this name are being removed',
      },
    }),
  },
  '/projects/{name}': {
    get: op('One project', json(ProjectView), { requestParams: { path: name } }),
    patch: op('Change settings; null takes one back to its default', json(ProjectView), {
      requestParams: { path: name },
      body: ProjectChange,
    }),
    delete: op('Delete a project with its runs, logs, models and repository', null, {
      requestParams: { path: name },
      status: '204',
      errors: { '409': 'A run of it has not ended: cancel it first' },
    }),
  },
  '/projects/{name}/deliveries': {
    get: op('Webhook requests and pushes, newest first', json(z.array(DeliveryView)), {
      requestParams: { path: name, query: z.object({ limit: whole }) },
    }),
  },
  '/projects/{name}/deliveries/{deliveryId}/again': {
    post: op('Take a refused delivery again', json(DeliveryView), {
      requestParams: {
        path: name.extend({
          deliveryId: z.string().meta({ description: 'As the lists of deliveries give it' }),
        }),
      },
      errors: { '409': 'It was not refused', '429': 'Too many runs of the project wait' },
    }),
  },
  ...projectPaths,
  '/projects/{name}/runs': {
    post: op('Start a run of a commit', json(RunSummary), {
      requestParams: { path: name },
      body: RunRequest,
      status: '201',
      errors: { '429': 'Too many runs of the project wait' },
    }),
  },
  '/projects/{name}/runs/{number}': {
    get: op('A run by its number within the project', json(RunSummary), {
      requestParams: {
        path: name.extend({ number: z.string().meta({ description: 'As in `digits #3`' }) }),
      },
    }),
  },
  '/projects/{name}/webhook/test': {
    post: op(
      "Send a signed ping to the project's webhook address, and say what came back",
      json(WebhookTestView),
      {
        requestParams: { path: name },
      },
    ),
  },
  '/overview': {
    get: op('Projects with their last run and its history; what runs, and what waits', json(OverviewView)),
  },
  '/runs': {
    get: op('Runs, newest first', json(z.array(RunSummary)), {
      requestParams: { query: runFilter },
    }),
  },
  '/runs/{id}': { get: op('All of a run', json(RunView), { requestParams: { path: id } }) },
  '/runs/{id}/curves': {
    get: op('The metric of each trial by epoch, for those that report it', json(z.array(CurveView)), {
      requestParams: { path: id },
    }),
  },
  '/runs/{id}/diff': {
    get: op(
      'What leads from the source of another run of the project to that of this one',
      text('text/x-diff'),
      {
        requestParams: {
          path: id,
          query: z.object({
            against: z.coerce.number().int().meta({ description: 'Id of the other run' }),
            of: z
              .enum(['best', 'commit'])
              .optional()
              .meta({ description: 'Sources of the best trials (default) or the commits' }),
          }),
        },
        errors: { '409': 'The runs are of two projects', '410': 'The sources are no longer kept' },
      },
    ),
  },
  '/runs/{id}/cancel': {
    post: op('End a run', json(RunSummary), {
      requestParams: { path: id },
      errors: { '409': 'It has ended already' },
    }),
  },
  '/runs/{id}/stop': {
    post: op('End the search; the best so far is what the run came to', json(RunSummary), {
      requestParams: { path: id },
      errors: { '409': 'It has ended or is ending already, or no trial has a value yet' },
    }),
  },
  '/runs/{id}/rerun': {
    post: op('Run the commit again: a new run; from notify the run itself, with 200', json(RunSummary), {
      requestParams: { path: id },
      body: RerunRequest,
      status: '201',
      errors: {
        '409': 'It has not ended, or has nothing to begin there with',
        '429': 'Too many runs of the project wait',
      },
    }),
  },
  '/runs/{id}/events': {
    get: op('Live events of a run; goes on after Last-Event-ID or `after`', streamed, {
      requestParams: { path: id, query: after },
    }),
  },
  '/events': { get: op('Live events of all', streamed, { requestParams: { query: after } }) },
  '/trials/{id}': {
    get: op('A trial: values, metrics, diff', json(TrialView), { requestParams: { path: id } }),
  },
  '/trials/{id}/diff': {
    get: op('What the trial changed in the source, as a patch', text('text/x-diff'), {
      requestParams: {
        path: id,
        query: z.object({
          against: whole.meta({ description: 'Number of the trial to compare with; 0 when not given' }),
          download: z.string().optional(),
        }),
      },
      errors: { '410': 'The sources are no longer kept; only the diff against trial 0 is' },
    }),
  },
  '/trials/{id}/branch': {
    get: op(
      "The branch of a trial's source in Hone's own remote, if it is there",
      json(BranchView.nullable()),
      {
        requestParams: { path: id },
      },
    ),
    post: op("Make a branch of a trial's source where the project's code is", json(BranchView), {
      requestParams: { path: id },
      errors: {
        '409':
          'It changed nothing or has not ended, another branch of the name is there, or the remote refuses it',
        '410': 'The sources are no longer kept',
      },
    }),
  },
  '/trials/{id}/artifacts/{name}': {
    get: op('A file that the training left', text('application/octet-stream'), {
      requestParams: { path: id.extend(name.shape) },
    }),
  },
  '/attempts/{id}/log': {
    get: op('A piece of the log; X-Next-Offset says where the next begins', text('text/plain'), {
      requestParams: {
        path: id,
        query: z.object({ offset: whole, limit: whole, download: z.string().optional() }),
      },
    }),
  },
  '/attempts/{id}/log/lines': {
    get: op('Lines of the log by number, counted from 1; without `from` the last ones', json(LogLinesView), {
      requestParams: {
        path: id,
        query: z.object({
          from: whole,
          count: whole.meta({ description: '500 where it is not given, at most 1000' }),
          whole: z.string().optional().meta({ description: 'Long lines are cut unless it is given' }),
        }),
      },
    }),
  },
  '/attempts/{id}/log/search': {
    get: op(
      'Numbers of the lines that show a text, in any case, or of those where errors begin',
      json(LogSearchView),
      {
        requestParams: {
          path: id,
          query: z.object({
            q: z.string().optional().meta({ description: 'The text' }),
            errors: z.string().optional().meta({ description: 'Search errors instead of a text' }),
            from: whole.meta({ description: 'The first line to search' }),
            limit: whole.meta({ description: 'Hits at most: 1000 where it is not given, never above 10000' }),
          }),
        },
      },
    ),
  },
  '/mails': {
    get: op('Mails, newest first', json(z.array(MailView)), {
      requestParams: { query: z.object({ run: whole, limit: whole }) },
    }),
  },
  '/mails/{id}': { get: op('One mail', json(MailView), { requestParams: { path: id } }) },
  '/mails/{id}/send': {
    post: op('Try a mail again now that waits or was given up', json(MailView), {
      requestParams: { path: id },
      errors: { '409': 'It has been sent already' },
    }),
  },
  '/mails/{id}/html': { get: op("A mail's HTML", text('text/html'), { requestParams: { path: id } }) },
  ...adminPaths,
  '/health': {
    get: op(
      'What is wrong right now, and what is known of engine, disk, mail and webhooks',
      json(HealthView),
    ),
  },
  '/openapi.json': { get: op('This document', json(z.record(z.string(), z.unknown()))) },
}

/** Made from the schemas that the answers are typed by. @param base public address of the server */
export const openApiDocument = (base: string) =>
  createDocument({
    openapi: '3.1.0',
    info: { title: 'Hone', version: '1', description: 'Times are ms since the epoch.' },
    servers: [{ url: `${base}/api/v1` }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: { EventView, LogNotice },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'hone_session' },
      },
    },
  })
