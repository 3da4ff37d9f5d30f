import { Command, type CommanderError, InvalidArgumentError } from 'commander'
import { demo } from './cli/demo.ts'
import { doctor } from './cli/doctor.ts'
import { buildBaseImage, buildImages } from './cli/images.ts'
import { addProject } from './cli/project.ts'
import { runFolder } from './cli/run.ts'
import { serve } from './cli/serve.ts'
import { style } from './cli/style.ts'
import { ConfigError, readConfig } from './config.ts'
import { HoneError } from './domain/failure.ts'
import { NewerSchema } from './store/migrate.ts'
import { version } from './version.ts'

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
  .action(() => serve(readConfig()))

program
  .command('demo')
  .argument('[example]', 'a folder under examples/', 'digits-sklearn')
  .option('--once', 'end when the run ends')
  .description('start the server, push an example to it, and show the chain until the mail')
  .action(async (example: string, { once }: { once?: boolean }) => {
    process.exitCode = await demo(readConfig(), example, once ?? false)
  })

program
  .command('run')
  .argument('<dir>', 'the folder with the training script')
  .option('--target <value>', 'value of the metric to reach', number)
  .option('--trials <n>', 'trainings at most', count)
  .option('--metric <name>', 'the metric that decides')
  .option('--json', 'one JSON object a line')
  .description('the chain on a local folder, without a server: exit 0 target met, 1 not met, 2 error')
  .action(async (dir: string, options) => {
    process.exitCode = await runFolder(readConfig(), dir, options)
  })

program
  .command('project')
  .description('projects of this data folder')
  .command('add')
  .argument('<name>')
  .option('--repo <url>', "where the code comes from; else Hone's own git remote")
  .option('--branch <pattern>', 'branch that starts runs; may be given again', list)
  .option('--target <value>', 'value of the metric to reach', number)
  .option('--trials <n>', 'trainings at most', count)
  .option('--metric <name>', 'the metric that decides')
  .option('--mail <address>', 'who gets the mails; may be given again', list)
  .option('--json', 'one JSON object')
  .description('make a project; prints webhook address, secret and git remote')
  .action((name: string, options) => addProject(readConfig(), name, options))

program
  .command('doctor')
  .option('--json', 'one JSON object')
  .description('look at engine, disk, git, mail and versions, and say what to do')
  .action(async ({ json }: { json?: boolean }) => {
    process.exitCode = (await doctor(readConfig(), json ?? false)) ? 0 : 1
  })

const images = program.command('images').description('the images that trainings run in')
images
  .command('build')
  .argument('[framework...]', 'sklearn, pytorch, keras, xgboost, lightgbm; else all')
  .description('build images now rather than at first need')
  .action((frameworks: string[]) => buildImages(readConfig(), frameworks))
images
  .command('base')
  .description('pull the base image, or make it with mmdebstrap; exit 3 when that is not installed')
  .action(async () => {
    process.exitCode = await buildBaseImage(readConfig())
  })

/** What a person can mend is told in words; anything else keeps its stack, since it is a bug. */
function explain(error: unknown): string {
  if (error instanceof HoneError) return `${style.red(error.failure.message)}\n${error.failure.remedy}`
  if (error instanceof ConfigError || error instanceof NewerSchema) return style.red(error.message)
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
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
