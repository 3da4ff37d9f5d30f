import type { ReactNode } from 'react'
import type { MeView } from '../../src/http/contract.ts'
import { useGet } from './queries.ts'

const ROLE_EVERY_MS = 30_000

/** Who is signed in; asked again once in a while, since an admin may change it. */
export const useMe = () => useGet<MeView>(['me'], '/me', { every: ROLE_EVERY_MS })

/** Whether who is signed in may change things; the server refuses a viewer whatever the page shows. */
export const useMayChange = (): boolean => useMe().data?.role === 'admin'

/** What a viewer has no use for. */
export const ForAdmins = ({ children }: { children: ReactNode }) => (useMayChange() ? children : null)
