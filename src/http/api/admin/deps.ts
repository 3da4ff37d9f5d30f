import type { Disks } from '../../../domain/disk.ts'
import type { Capacity } from '../../../domain/slots.ts'
import type {
  BackupsView,
  CleanUpView,
  DataUseView,
  EngineView,
  MailSettingsView,
  MailTestView,
} from '../../contract.ts'

/** What the page Admin asks of the surroundings; main.ts puts it together. */
export interface AdminDeps {
  /** An engine that is away is an answer, too. */
  engine(): Promise<Omit<EngineView, 'disks'>>
  /** What trainings may have of the engine; null while it is away. */
  capacity(): Promise<Capacity | null>
  /** The same as it was a few seconds ago at most; null also where the engine does not answer soon. Never rejects. */
  knownCapacity(): Promise<Capacity | null>
  disks(): Promise<Disks>
  /** Sizes are those of a minute ago at most. */
  dataUse(): Promise<Omit<DataUseView, 'disks'>>
  /** What `hone gc` does. @throws HoneError `unavailable` when the engine is away */
  cleanUp(): Promise<CleanUpView>
  mail: {
    settings: Omit<MailSettingsView, 'counts' | 'problem'>
    /** Sends a mail now, past the outbox. Resolves also where it was refused. */
    sendTest(to: string): Promise<MailTestView>
  }
  backups: {
    list(): Promise<BackupsView>
    /** Begins to make one. @throws HoneError `backup-running` */
    start(): void
    /** Null for one that is not there, which may also come to be before it is opened. */
    find(name: string): Promise<string | null>
  }
}
