import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Retention } from './domain/retention.ts'

export const DEFAULT_PORT = 8080

const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`
  return z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error })
}

const AWAY = 'must be a number of minutes, up to 43200'
const SHARE = 'must be a share from 0.1 to 1'

/** The environment's settings; README has the table. The only reader of process.env for Hone's own settings. */
const Environment = z.object({
  HONE_DATA: z
    .string()
    .default('./data')
    .transform((path) => resolve(path)),
  HONE_HOST: z.string().default('127.0.0.1'),
  HONE_PORT: whole(0, 65_535).default(DEFAULT_PORT),
  HONE_URL: z.url({ protocol: /^https?$/, error: 'must look like https://hone.example.org' }).optional(),
  HONE_ADMIN_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  HONE_SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must look like smtp://user:password@host:587' })
    .optional(),
  HONE_MAIL_FROM: z.string().default('Hone <hone@localhost>'),
  HONE_MAIL_TO: z.string().default(''),
  HONE_PARALLEL: whole(1, 64).default(Math.max(1, Math.floor(availableParallelism() / 4))),
  HONE_QUEUE: whole(1, 100_000).default(100),
  HONE_GPUS: whole(0, 64).optional(),
  HONE_KEEP_RUNS: whole(1, 1_000_000).default(200),
  HONE_KEEP_DAYS: whole(1, 36_500).default(90),
  HONE_DISK_SHARE: z.coerce.number({ error: SHARE }).min(0.1, SHARE).max(1, SHARE).default(0.95),
  HONE_ENGINE_AWAY_LIMIT: z.coerce.number({ error: AWAY }).positive(AWAY).max(43_200, AWAY).default(1440),
  HONE_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HONE_LOG_FORMAT: z.enum(['auto', 'text', 'json']).default('auto'),
  DOCKER_HOST: z.string().optional(),
  /** An extra CA bundle, passed into image builds, as behind a company's proxy. */
  NODE_EXTRA_CA_CERTS: z.string().optional(),
})

export interface Config {
  data: string
  host: string
  port: number
  /** Public address for links, without a slash at the end; null: made from host and port. */
  url: string | null
  adminToken: string | null
  smtpUrl: string | null
  mailFrom: string
  mailTo: string[]
  /** Trainings at once. */
  parallel: number
  /** Runs of one project that may wait for their first training. */
  queue: number
  /** Graphics cards of the engine; null: as many as it tells. */
  gpus: number | null
  /** How long what ended runs leave is kept. */
  retention: Retention
  /** How long runs wait for an engine that is away, ms. */
  engineAwayLimitMs: number
  logLevel: string
  /** `auto`: text at a terminal, JSON anywhere else. */
  logFormat: 'auto' | 'text' | 'json'
  dockerHost: string | null
  caBundle: string | null
  /** The whole environment, for the processes that Hone starts. */
  environment: Record<string, string | undefined>
}

/** A setting of the environment is wrong; the message names each one. */
export class ConfigError extends Error {
  constructor(issues: string[]) {
    super(`Wrong settings in the environment:\n${issues.map((issue) => `  ${issue}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** @throws ConfigError that names every wrong variable */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const filled = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = Environment.safeParse(filled)
  if (!result.success) {
    throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  }
  const env = result.data
  return {
    data: env.HONE_DATA,
    host: env.HONE_HOST,
    port: env.HONE_PORT,
    url: env.HONE_URL?.replace(/\/+$/, '') ?? null,
    adminToken: env.HONE_ADMIN_TOKEN ?? null,
    smtpUrl: env.HONE_SMTP_URL ?? null,
    mailFrom: env.HONE_MAIL_FROM,
    mailTo: env.HONE_MAIL_TO.split(',')
      .map((address) => address.trim())
      .filter(Boolean),
    parallel: env.HONE_PARALLEL,
    queue: env.HONE_QUEUE,
    gpus: env.HONE_GPUS ?? null,
    retention: { runs: env.HONE_KEEP_RUNS, days: env.HONE_KEEP_DAYS, diskShare: env.HONE_DISK_SHARE },
    engineAwayLimitMs: env.HONE_ENGINE_AWAY_LIMIT * 60_000,
    logLevel: env.HONE_LOG_LEVEL,
    logFormat: env.HONE_LOG_FORMAT,
    dockerHost: env.DOCKER_HOST ?? null,
    caBundle: env.NODE_EXTRA_CA_CERTS ?? null,
    environment,
  }
}
