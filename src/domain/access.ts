/** What a user may do. `admin`: everything. `viewer`: read, and nothing that holds a secret. */
export const ROLES = ['admin', 'viewer'] as const
export type Role = (typeof ROLES)[number]

/** Whose token Hone printed, or the environment sets: always there, and always an admin. */
export const OWNER = 'owner'
/** The name that the owner's token has where tokens are listed. */
export const OWNER_TOKEN = 'HONE_ADMIN_TOKEN'

export interface User {
  id: number
  name: string
  role: Role
  /** ms since the epoch. */
  createdAt: number
}

/** What is kept of a token: never itself. */
export interface Token {
  id: number
  userId: number
  name: string
  /** ms since the epoch, as all times here. */
  createdAt: number
  /** To the hour; null before its first use. */
  lastUsedAt: number | null
  /** From then on it is refused; null: never. */
  endsAt: number | null
}

/** Who makes a request. */
export interface Identity {
  /** Null: the owner. */
  userId: number | null
  user: string
  role: Role
  /** Null: the owner's own. */
  tokenId: number | null
  token: string
}

/** Letters, digits and a few signs, so that a name is one word in every list. */
export const USER_NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}._@ -]{0,62}[\p{L}\p{N}])?$/u
