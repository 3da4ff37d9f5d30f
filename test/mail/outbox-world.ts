import { deleteProject } from '../../src/chain/projects.ts'
import { Health } from '../../src/domain/health.ts'
import type { MailAttachment } from '../../src/domain/mail.ts'
import { resolveSettings } from '../../src/domain/settings.ts'
import { type Sender, SendFailed } from '../../src/mail/contract.ts'
import { outbox } from '../../src/mail/outbox.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'

export const START = 1_700_000_000_000
export const away = () =>
  new SendFailed('The server is away', { kind: 'away', permanent: false, remedy: 'Start it' })
export const refused = () =>
  new SendFailed('No such user', { kind: 'refused', permanent: true, remedy: 'Check it' })

export function world(sender: Sender) {
  const clock = { now: START }
  const now = () => clock.now
  const store = createStore(openDatabase(':memory:'), now)
  const project = store.projects.insert({
    name: 'p',
    repoUrl: null,
    secret: '',
    pushTokenHash: '',
    settings: {},
  })
  const run = store.runs.insert({
    projectId: project.id,
    ref: 'refs/heads/main',
    sha: 'a',
    trigger: 'push',
    author: null,
    message: null,
    overrides: {},
    settings: resolveSettings(),
  })
  /** Its project goes with it. */
  const remove = () => {
    store.runs.transition(run.id, 'cancelled')
    deleteProject(store, project)
  }
  const health = new Health(now)
  const logged: string[] = []
  const errors: unknown[] = []
  const log = (about: object, text: string) => {
    logged.push(text)
    if ('err' in about) errors.push(about.err)
  }
  const box = outbox({
    mails: store.mails,
    events: store.events,
    sender,
    health,
    logger: { warn: log, error: log },
    now,
  })
  const add = (to: string, attachments: MailAttachment[] = []) =>
    store.transaction(() =>
      store.mails.insert({
        runId: run.id,
        kind: 'target',
        messageId: `<${to}>`,
        to,
        subject: 'Reached',
        text: 'text',
        html: '<p>text</p>',
        attachments,
      }),
    )
  return { clock, store, health, box, add, remove, logged, errors }
}

/** Sends, or fails as the queue says. */
export function scripted(...failures: (Error | null)[]) {
  const sent: string[] = []
  const sender: Sender = {
    accepted: 'sent',
    async send({ to }) {
      const failure = failures.shift()
      if (failure) throw failure
      sent.push(to)
    },
  }
  return { sender, sent, failures }
}
