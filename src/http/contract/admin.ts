import { z } from 'zod'
import { ROLES } from '../../domain/access.ts'
import { AUDIT_ACTIONS } from '../../domain/audit.ts'

const time = z.number().int().describe('ms since the epoch')
const bytes = z.number().describe('bytes')

/** Who is signed in. */
export const MeView = z
  .object({
    user: z.string(),
    role: z.enum(ROLES),
    /** The name of the token that they came with. */
    token: z.string(),
    via: z.enum(['token', 'session']),
  })
  .meta({ id: 'Me' })

export const TokenView = z
  .object({
    id: z.number().int(),
    name: z.string(),
    createdAt: time,
    /** To the hour; null before its first use. */
    lastUsedAt: time.nullable(),
    endsAt: time.nullable(),
    /** Browsers that are signed in with it. */
    sessions: z.number().int(),
  })
  .meta({ id: 'Token' })

export const UserView = z
  .object({
    id: z.number().int(),
    name: z.string(),
    role: z.enum(ROLES),
    createdAt: time,
    tokens: z.array(TokenView),
  })
  .meta({ id: 'User' })

export const PeopleView = z
  .object({
    /** Whose token the environment sets, or Hone printed: no user, and not changed here. */
    owner: z.object({ name: z.string(), sessions: z.number().int() }),
    users: z.array(UserView),
  })
  .meta({ id: 'People' })

export const NewTokenRequest = z
  .strictObject({
    name: z.string().trim().min(1, 'must have a name').max(64, 'must have at most 64 characters'),
    /** ms since the epoch; null or left out: it has no end. */
    endsAt: z.number().int().nullish(),
  })
  .meta({ id: 'NewTokenRequest' })

export const NewUserRequest = z
  .strictObject({ name: z.string().trim(), role: z.enum(ROLES), token: NewTokenRequest })
  .meta({ id: 'NewUserRequest' })

export const UserChange = z.strictObject({ role: z.enum(ROLES) }).meta({ id: 'UserChange' })

/** The token itself is answered this once: only its hash is kept. */
export const NewTokenView = z.object({ user: UserView, token: z.string() }).meta({ id: 'NewToken' })

export const AuditView = z
  .object({
    id: z.number().int(),
    at: time,
    /** Null where nobody was known: a refused sign-in. */
    user: z.string().nullable(),
    token: z.string().nullable(),
    via: z.enum(['token', 'session']).nullable(),
    address: z.string().nullable(),
    action: z.enum(AUDIT_ACTIONS),
    subject: z.string(),
    count: z.number().int(),
  })
  .meta({ id: 'Audit' })

export const AuditPage = z
  .object({
    entries: z.array(AuditView),
    /** For `before`: where the next page begins; null at the end. */
    next: z.number().int().nullable(),
    users: z.array(z.string()),
    actions: z.array(z.enum(AUDIT_ACTIONS)),
  })
  .meta({ id: 'AuditPage' })

const DiskView = z.object({ total: bytes, free: bytes }).meta({ id: 'Disk' })

export const EngineImageView = z
  .object({
    /** None when the name went to a newer one. */
    names: z.array(z.string()),
    /** What it takes with all that it is made on. */
    bytes,
    createdAt: time,
    /** When a run last trained in it; null: none that is known. */
    lastUsedAt: time.nullable(),
    /** A container is made from it now. */
    used: z.boolean(),
    /**
     * `library`: it would be built today; `older`: it would not; `winner`: a winner's, kept; `other`: no run of this Hone
     * is known to have used it, so that it may be another's.
     */
    kind: z.enum(['library', 'older', 'winner', 'other']),
  })
  .meta({ id: 'EngineImage' })

export const EngineView = z
  .object({
    /** Where it is asked, without a password. */
    address: z.string(),
    /** Null while it answers. */
    away: z.object({ since: time, message: z.string(), remedy: z.string() }).nullable(),
    /** Null while it is away. */
    facts: z
      .object({
        version: z.string(),
        host: z.string(),
        system: z.string(),
        storageDriver: z.string(),
        cpus: z.number(),
        memoryBytes: bytes,
        gpus: z.array(z.string()),
        /** All that it has, also those that are not Hone's. */
        imageCount: z.number().int(),
      })
      .nullable(),
    disks: z.object({ data: DiskView.nullable(), engine: DiskView.nullable() }),
    images: z.array(EngineImageView),
  })
  .meta({ id: 'Engine' })

const SlotShare = { memoryBytes: bytes, cpus: z.number(), gpus: z.number() }

export const SlotsView = z
  .object({
    /** What trainings may have together; null while the engine is away. */
    capacity: z.object({ ...SlotShare, parallel: z.number().int() }).nullable(),
    held: z.array(
      z.object({
        ...SlotShare,
        runId: z.number().int(),
        run: z.string(),
        trial: z.number().int(),
        attempt: z.number().int(),
        state: z.string(),
        since: time.nullable(),
      }),
    ),
    waiting: z.array(
      z.object({ runId: z.number().int(), run: z.string(), for: z.string(), text: z.string(), since: time }),
    ),
  })
  .meta({ id: 'Slots' })

export const DataUseView = z
  .object({
    retention: z.object({ runs: z.number().int(), days: z.number().int(), diskShare: z.number() }),
    folder: z.string(),
    disks: z.object({ data: DiskView.nullable(), engine: DiskView.nullable() }),
    /** What lies in the data folder. */
    parts: z.array(z.object({ name: z.string(), what: z.string(), bytes })),
    /** When the sizes were looked at. */
    at: time,
  })
  .meta({ id: 'DataUse' })

export const CleanUpView = z
  .object({
    removed: z.array(
      z.object({ kind: z.string(), name: z.string(), bytes: bytes.nullable(), reason: z.string() }),
    ),
    /** What could not be removed, and why. */
    failed: z.array(z.object({ name: z.string(), why: z.string() })),
    freedBytes: bytes,
    /** Runs whose logs and rows were compressed. */
    compacted: z.number().int(),
  })
  .meta({ id: 'CleanUp' })

export const MailSettingsView = z
  .object({
    /** Host and port; null: no server is set, and mails are only written to `folder`. */
    server: z.string().nullable(),
    user: z.string().nullable(),
    /** TLS from the first byte, and not by STARTTLS where the server offers it. */
    secure: z.boolean(),
    from: z.string(),
    to: z.array(z.string()),
    folder: z.string(),
    counts: z.object({
      ...{ pending: z.number().int(), sent: z.number().int() },
      /** To the folder, while no server was set. */
      written: z.number().int(),
      /** Given up. */
      failed: z.number().int(),
    }),
    /** What is wrong with the server now. */
    problem: z.object({ since: time, message: z.string(), remedy: z.string() }).nullable(),
  })
  .meta({ id: 'MailSettings' })

export const MailTestRequest = z
  .strictObject({ to: z.email('must be a mail address, such as ada@example.org') })
  .meta({ id: 'MailTestRequest' })

export const MailTestView = z
  .object({
    ok: z.boolean(),
    /** What the server said, or where the mail was written to. */
    said: z.string(),
    /** What to do; empty when all is well. */
    remedy: z.string(),
  })
  .meta({ id: 'MailTest' })

export const BackupsView = z
  .object({
    folder: z.string(),
    /** Since when one is being made; null: none is. */
    makingSince: time.nullable(),
    /** Why the last one failed; null when it did not. */
    failure: z.object({ message: z.string(), remedy: z.string() }).nullable(),
    /** Newest first. */
    files: z.array(z.object({ name: z.string(), bytes, madeAt: time })),
  })
  .meta({ id: 'Backups' })

export type MeView = z.infer<typeof MeView>
export type TokenView = z.infer<typeof TokenView>
export type UserView = z.infer<typeof UserView>
export type PeopleView = z.infer<typeof PeopleView>
export type NewTokenView = z.infer<typeof NewTokenView>
export type AuditView = z.infer<typeof AuditView>
export type AuditPage = z.infer<typeof AuditPage>
export type EngineView = z.infer<typeof EngineView>
export type EngineImageView = z.infer<typeof EngineImageView>
export type SlotsView = z.infer<typeof SlotsView>
export type DataUseView = z.infer<typeof DataUseView>
export type CleanUpView = z.infer<typeof CleanUpView>
export type MailSettingsView = z.infer<typeof MailSettingsView>
export type MailTestView = z.infer<typeof MailTestView>
export type BackupsView = z.infer<typeof BackupsView>
export type NewTokenRequest = z.infer<typeof NewTokenRequest>
