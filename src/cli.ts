import { Command, type CommanderError, InvalidArgumentError } from 'commander'
import { style } from './cli/style.ts'
import { HoneError, toFailure } from './domain/failure.ts'
import { version } from './version.ts'

// Each command loads what it needs when it is called: the database and the engine take most of the time of a start.
const config = async () => (await import('./config.ts')).readConfig()

const number = (text: string) => {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}
const count = (text: string) => {
  const value = number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1 on.')
  return value
}
const each = (text: string, before: string[] = []) => [...before, text]
const list = (text: string, before: string[] = []) => [...before, ...text.split(',').filter(Boolean)]

const program = new Command('hone')
  .description(
    'A self-hosted CI server for machine learning: push a plain training script, get a model that meets its target.',
  )
  .version(version)
  .showHelpAfterError('(hone --help shows what there is)')

program
  .command('serve')
  .description('start the server')
  .action(async () => {
    const { serve } = await import('./cli/serve.ts')
    await serve(await config())
  })

program
  .command('demo')
  .argument('[example]', 'a folder under examples/', 'digits-sklearn')
  .option('--once', 'end when the run ends')
  .description('start the server, push an example to it, and show the chain until the mail')
  .action(async (example: string, { once }: { once?: boolean }) => {
    const { demo } = await import('./cli/demo.ts')
    process.exitCode = await demo(await config(), example, once ?? false)
  })

program
  .command('run')
  .argument('<dir>', 'the folder with the training script')
  .option('--target <value>', 'value of the metric to reach', number)
  .option('--trials <n>', 'trainings at most', count)
  .option('--metric <name>', 'the metric that decides')
  .option('--data <source:path>', 'a folder or volume that trainings may read; may be given again', each)
  .option('--json', 'one JSON object a line')
  .description('the chain on a local folder, without a server: exit 0 target met, 1 not met, 2 error')
  .action(async (dir: string, options) => {
    const { runFolder } = await import('./cli/run.ts')
    process.exitCode = await runFolder(await config(), dir, options)
  })

program
  .command('inspect')
  .argument('<path...>', 'scripts, notebooks or folders')
  .option('--json', 'one JSON object a line and path')
  .description('what Hone would tune there, and why: exit 0 all analysed, 1 some not, 2 wrong use')
  .action(async (paths: string[], options) => {
    const { inspect } = await import('./cli/inspect.ts')
    process.exitCode = await inspect(paths, options)
  })

program
  .command('rewrite')
  .argument('<path>', 'a script, a notebook or a folder')
  .option('--set <name=value>', 'a hyperparameter and its value; may be given again', each)
  .option('--diff', 'print the diff (this is what it does)')
  .option('--write', 'change the files')
  .description('give hyperparameters other values: exit 0 done, 1 not possible, 2 wrong use')
  .action(async (path: string, options) => {
    const { rewrite } = await import('./cli/rewrite.ts')
    process.exitCode = await rewrite(path, options)
  })

program
  .command('suggest')
  .option('--sampler <name>', 'for studies that name none')
  .description(
    'the next values of a search: a study a line as JSON from standard input, an answer a line: exit 0 all answered, 1 some not, 2 wrong use',
  )
  .action(async (options) => {
    const { suggest } = await import('./cli/suggest.ts')
    process.exitCode = await suggest(options)
  })

const project = program.command('project').description('projects of this data folder')
project
  .command('add')
  .argument('<name>')
  .option('--repo <url>', "where the code comes from; else Hone's own git remote")
  .option('--branch <pattern>', 'branch that starts runs; may be given again', list)
  .option('--target <value>', 'value of the metric to reach', number)
  .option('--trials <n>', 'trainings at most', count)
  .option('--metric <name>', 'the metric that decides')
  .option('--mail <address>', 'who gets the mails; may be given again', list)
  .option('--data <source:path>', 'a folder or volume that trainings may read; may be given again', each)
  .option('--json', 'one JSON object')
  .description('make a project; prints webhook address, secret and git remote')
  .action(async (name: string, options) => {
    const { addProject } = await import('./cli/project.ts')
    return addProject(await config(), name, options)
  })
project
  .command('list')
  .option('--json', 'one JSON object a line')
  .description('print the projects, each with its last run and the best against its target')
  .action(async (options) => {
    const { listProjects } = await import('./cli/project/list.ts')
    return listProjects(await config(), options)
  })
project
  .command('show')
  .argument('<name>')
  .option('--json', 'one JSON object')
  .description('print a project with all its settings and their defaults')
  .action(async (name: string, options) => {
    const { showProject } = await import('./cli/project/settings.ts')
    return showProject(await config(), name, options)
  })
project
  .command('set')
  .argument('<name>')
  .argument(
    '<setting=value...>',
    'such as target=0.95 mail=ann@example.org,bob@example.org; `trials=` for its default',
  )
  .description('change settings of a project, all or none; `hone project show` has their names')
  .action(async (name: string, assignments: string[]) => {
    const { setSettings } = await import('./cli/project/settings.ts')
    const { warnOfMachine } = await import('./cli/project/machine.ts')
    const settings = setSettings(await config(), name, assignments)
    await warnOfMachine(await config(), settings)
  })
project
  .command('rotate')
  .argument('<name>')
  .option('--secret', 'the secret of the webhook')
  .option('--push-token', "the password of Hone's own git remote")
  .option('--badge', 'the key in the address of the badge')
  .option('--json', 'one JSON object')
  .description('give a project new secrets, printed this once; the old ones are refused from then on')
  .action(async (name: string, options) => {
    const { rotate } = await import('./cli/project/rotate.ts')
    return rotate(await config(), name, options)
  })

project
  .command('delete')
  .argument('<name>')
  .option('--yes', 'do not ask')
  .description(
    'delete a project with its runs, logs, models and repository, for good: exit 0 done, 1 a person said no',
  )
  .action(async (name: string, options) => {
    const { deleteProject } = await import('./cli/project/delete.ts')
    process.exitCode = await deleteProject(await config(), name, options)
  })

program
  .command('doctor')
  .option('--json', 'one JSON object')
  .description('look at engine, disk, git, mail and versions, and say what to do')
  .action(async ({ json }: { json?: boolean }) => {
    const { doctor } = await import('./cli/doctor.ts')
    process.exitCode = (await doctor(await config(), json ?? false)) ? 0 : 1
  })

program
  .command('gc')
  .option('--dry-run', 'say what would go, with sizes, and remove nothing')
  .option('--json', 'one JSON object a line')
  .description(
    'remove what ended runs left, as HONE_KEEP_RUNS, HONE_KEEP_DAYS and HONE_DISK_SHARE say: exit 0 done, 1 some could not be removed',
  )
  .action(async (options: { dryRun?: boolean; json?: boolean }) => {
    const { collectGarbage } = await import('./cli/gc.ts')
    process.exitCode = await collectGarbage(await config(), options)
  })

program
  .command('backup')
  .argument('<file>', 'where to, such as hone.tar; hone.tar.gz is compressed')
  .option('--force', 'write over a file that is there')
  .option('--json', 'one JSON object')
  .description('write the database, logs, models and repositories into one file, also while the server runs')
  .action(async (file: string, options: { force?: boolean; json?: boolean }) => {
    const { backup } = await import('./cli/backup.ts')
    await backup(await config(), file, options)
  })

program
  .command('restore')
  .argument('<file>', 'a file that `hone backup` made')
  .option('--json', 'one JSON object')
  .description('put a backup in the place of what the data folder holds; the server must be stopped')
  .action(async (file: string, options: { json?: boolean }) => {
    const { restore } = await import('./cli/restore.ts')
    await restore(await config(), file, options)
  })

const images = program.command('images').description('the images that trainings run in')
images
  .command('build')
  .argument(
    '[framework...]',
    'such as scikit-learn, pytorch, keras; an image by its name, such as keras2; else all',
  )
  .description('build images now rather than at first need')
  .action(async (frameworks: string[]) => {
    const { buildImages } = await import('./cli/images.ts')
    await buildImages(await config(), frameworks)
  })
images
  .command('base')
  .description('pull the base image, or make it with mmdebstrap; exit 3 when that is not installed')
  .action(async () => {
    const { buildBaseImage } = await import('./cli/images.ts')
    process.exitCode = await buildBaseImage(await config())
  })

/** Errors whose message says all, by name: their classes are loaded with the command that throws them. */
const IN_WORDS = new Set(['ConfigError', 'NewerSchema'])

/** What a person can mend is told in words; anything else keeps its stack, since it is a bug. */
function explain(error: unknown): string {
  if (error instanceof HoneError) return `${style.red(error.failure.message)}\n${error.failure.remedy}`
  const failure = toFailure(error)
  if (failure.code === 'disk-full') {
    return `${style.red(failure.message)}\nFree some space where HONE_DATA lies, then start this again.`
  }
  if (!(error instanceof Error)) return String(error)
  if (IN_WORDS.has(error.name)) return style.red(error.message)
  return error.stack ?? error.message
}

/** commander's own 1 for a wrong command line would read as "target not met". */
function exitInWords(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? 0 : 2)
}
for (const command of [
  program,
  ...program.commands,
  ...program.commands.flatMap(({ commands }) => commands),
]) {
  command.exitOverride(exitInWords)
}

try {
  await program.parseAsync(process.argv)
} catch (error) {
  console.error(explain(error))
  process.exitCode = 2
}
