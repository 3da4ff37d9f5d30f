import type { ReactNode } from 'react'
import { ADMIN_SECTIONS, type AdminSection } from '../admin-sections.ts'
import { Audit } from '../parts/admin/audit.tsx'
import { Data } from '../parts/admin/data.tsx'
import { Engine } from '../parts/admin/engine.tsx'
import { Mail } from '../parts/admin/mail.tsx'
import { People } from '../parts/admin/people.tsx'
import { Empty } from '../parts/basics.tsx'
import { Sections } from '../parts/sections.tsx'
import { useTitle } from '../title.ts'
import { useMe } from '../who.tsx'
import '../parts/admin/admin.css'

const PAGES = {
  people: People,
  engine: Engine,
  mail: Mail,
  data: Data,
  audit: Audit,
} satisfies Record<AdminSection, () => ReactNode>

/** What runs the house; each part has an address. */
export default function AdminPage({ section }: { section: AdminSection }) {
  useTitle(`${ADMIN_SECTIONS.find(({ name }) => name === section)?.title} · Admin`)
  const me = useMe()
  const isAdmin = me.data?.role === 'admin'
  const shown = ADMIN_SECTIONS.filter(({ admins }) => isAdmin || !admins)
  const Shown = PAGES[section]
  return (
    <>
      <div className="page-head">
        <h1>Admin</h1>
      </div>
      <Sections
        label="Sections of Admin"
        links={shown.map((one) => ({ ...one, address: `/admin/${one.name}` }))}
        current={section}
      >
        {me.data !== undefined && !shown.some(({ name }) => name === section) ? (
          <Empty>This is for admins only.</Empty>
        ) : (
          <Shown />
        )}
      </Sections>
    </>
  )
}
