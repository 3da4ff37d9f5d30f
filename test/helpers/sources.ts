import { join } from 'node:path'
import type { Run } from '../../src/domain/run.ts'
import { gitAdapter } from '../../src/git/adapter.ts'
import type { World } from './factories.ts'
import { gitTestEnvironment, makeRepository } from './git.ts'

/** The user's training script, with the values of `VALUES` where nothing else is said. */
export const scriptOf = (
  { learning_rate_init = 0.5, hidden = 4, activation = 'tanh' }: Record<string, unknown> = {},
  more = '',
) => `"""Train a small network on the digits."""
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

x, y = load_digits(return_X_y=True)
# pixels are 0 to 16
x = x / 16.0
x_train, x_test, y_train, y_test = train_test_split(x, y, random_state=0)
model = MLPClassifier(
    learning_rate_init=${learning_rate_init},
    hidden_layer_sizes=(${hidden},),
    activation='${activation}',
    max_iter=40,
    random_state=0,
)


def accuracy(model, x, y):
    return np.mean(model.predict(x) == y)


model.fit(x_train, y_train)
print(f"Test accuracy: {accuracy(model, x_test, y_test):.4f}")
${more}`

/**
 * The workspace of a run with the user's source, made by git.
 * @returns the commit of trial 0, the repository that it came from, and what commits the source of a further trial
 */
export async function aSource({ paths }: Pick<World, 'paths'>, run: Run, source = scriptOf()) {
  const git = gitAdapter({ environment: gitTestEnvironment })
  const { path, sha } = makeRepository(join(paths.data, `source-${run.id}`), { 'train.py': source })
  const [mirror, workspace] = [join(paths.data, `mirror-${run.id}.git`), paths.workspace(run.id)]
  await git.fetchCommit(mirror, path, 'refs/heads/main', sha)
  await git.createWorkspace(workspace, mirror, sha, `hone/run-${run.number}`, {
    submodules: false,
    lfs: false,
    url: path,
  })
  return {
    sha,
    repository: path,
    workspace,
    /** @returns the commit and the diff against trial 0, as a trial's row holds them */
    commit: (trial: number, text: string) =>
      git.commitTrial(workspace, trial, { 'train.py': Buffer.from(text) }, `trial ${trial}`),
  }
}
