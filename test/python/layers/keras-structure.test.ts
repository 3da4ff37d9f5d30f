import { describe, expect, it } from 'vitest'
import { changes, structuresIn, withLayers } from './apply.ts'

const HEAD = ['from keras.models import Model, Sequential', 'from keras.layers import *']
const script = (...lines: string[]) => `${[...HEAD, ...lines].join('\n')}\n`
const grown = (source: string, name: 'conv_blocks' | 'dense_layers', count: number) =>
  changes(source, withLayers(source, name, count))

describe('a chain of add', () => {
  const source = script(
    '',
    'def build():',
    '    model = Sequential()',
    "    model.add(Conv2D(6, (5, 5), activation='relu', input_shape=(32, 32, 3), name='conv1'))",
    '    model.add(MaxPooling2D((2, 2)))',
    '',
    '    # second block',
    "    model.add(Conv2D(16, (5, 5), strides=(2, 2), activation='relu', name='conv2'))  # 16 maps",
    '    model.add(MaxPooling2D((2, 2)))',
    '    model.add(Dropout(0.2))',
    '',
    '    model.add(Flatten())',
    '    model.add(Dense(120, activation="relu"))',
    '    model.add(Dropout(0.5))',
    '    model.add(Dense(10))',
    "    model.add(Activation('softmax'))",
    '    return model',
    'model = build()',
  )

  it('offers one layer fewer up to three more', () => {
    expect(structuresIn(source)).toEqual(['conv_blocks 2: 1-5', 'dense_layers 1: 1-4'])
  })

  it('repeats the last convolution so that it keeps the size', () => {
    expect(grown(source, 'conv_blocks', 4)).toEqual([
      "+    model.add(Conv2D(16, (5, 5), activation='relu', name='conv3', padding='same'))",
      "+    model.add(Conv2D(16, (5, 5), activation='relu', name='conv4', padding='same'))",
    ])
  })

  it('takes the last block out with its pool and its comment', () => {
    expect(grown(source, 'conv_blocks', 1)).toEqual([
      '-    # second block',
      "-    model.add(Conv2D(16, (5, 5), strides=(2, 2), activation='relu', name='conv2'))  # 16 maps",
      '-    model.add(MaxPooling2D((2, 2)))',
      '-    model.add(Dropout(0.2))',
      '-',
    ])
  })

  it('repeats a dense layer with its dropout, never the last one', () => {
    expect(grown(source, 'dense_layers', 2)).toEqual([
      '+    model.add(Dense(120, activation="relu"))',
      '+    model.add(Dropout(0.5))',
    ])
    expect(grown(source, 'dense_layers', 0)).toEqual(['not offered'])
  })

  it('keeps line ends and tabs', () => {
    const other = source.replaceAll('\n', '\r\n').replaceAll('    ', '\t')
    const after = withLayers(other, 'dense_layers', 2)
    expect(after).toBe(
      other.replace(
        '\tmodel.add(Dropout(0.5))\r\n',
        '\tmodel.add(Dropout(0.5))\r\n\tmodel.add(Dense(120, activation="relu"))\r\n\tmodel.add(Dropout(0.5))\r\n',
      ),
    )
  })

  it('leaves a model alone to which something is added in a loop or under a condition', () => {
    const loop = source.replace(
      '    model.add(Flatten())',
      '    for _ in range(2):\n        model.add(Dense(8))',
    )
    expect(structuresIn(loop)).toEqual([])
  })
})

it('repeats a layer with the activation and normalisation on lines of their own, before its pool', () => {
  const source = script(
    'model = Sequential()',
    "model.add(Convolution2D(20, 5, 5, border_mode='same',",
    '    input_shape=(1, 28, 28)))',
    "model.add(Activation('relu'))",
    'model.add(MaxPooling2D())',
    "model.add(Convolution2D(50, 5, 5, border_mode='valid'))",
    'model.add(BatchNormalization())',
    "model.add(Activation('relu'))",
    'model.add(MaxPooling2D())',
    'model.add(Flatten())',
    'model.add(Dense(10))',
  )
  expect(structuresIn(source)).toEqual(['conv_blocks 2: 1-5'])
  const after = withLayers(source, 'conv_blocks', 3)
  expect(changes(source, after)).toEqual([
    "+model.add(Convolution2D(50, 5, 5, border_mode='same'))",
    '+model.add(BatchNormalization())',
    "+model.add(Activation('relu'))",
  ])
  expect(after?.indexOf("border_mode='same'))\n")).toBeGreaterThan(after?.indexOf("border_mode='valid'") ?? 0)
})

describe('a list', () => {
  const source = script(
    'model = Sequential([',
    '    Rescaling(1./255),',
    '    Conv2D(16, 3, activation="relu"),',
    '    MaxPooling2D(),',
    '    Conv2D(32, 3, activation="relu"),  # more',
    '    MaxPooling2D(),',
    '    Flatten(),',
    '    Dense(64, activation="relu"),',
    '    Dense(32, activation="relu"),',
    '    Dense(5)',
    '])',
  )

  it('repeats and removes elements', () => {
    expect(structuresIn(source)).toEqual(['conv_blocks 2: 1-5', 'dense_layers 2: 1-5'])
    expect(grown(source, 'conv_blocks', 3)).toEqual([
      '+    Conv2D(32, 3, activation="relu", padding="same"),',
    ])
    expect(grown(source, 'conv_blocks', 1)).toEqual([
      '-    Conv2D(32, 3, activation="relu"),  # more',
      '-    MaxPooling2D(),',
    ])
    expect(grown(source, 'dense_layers', 1)).toEqual(['-    Dense(32, activation="relu"),'])
  })

  it('writes on one line what stands on one line', () => {
    const line = script('model = Sequential([Dense(64, input_dim=20), ReLU(), Dense(32), ReLU(), Dense(1)])')
    expect(withLayers(line, 'dense_layers', 3)).toBe(
      script(
        'model = Sequential([Dense(64, input_dim=20), ReLU(), Dense(32), ReLU(), Dense(32), ReLU(), Dense(1)])',
      ),
    )
    expect(withLayers(line, 'dense_layers', 1)).toBe(
      script('model = Sequential([Dense(64, input_dim=20), ReLU(), Dense(1)])'),
    )
    const one = script('model = Sequential([Dense(64, input_dim=20), Dense(1)])')
    expect(withLayers(one, 'dense_layers', 2)).toBe(
      script('model = Sequential([Dense(64, input_dim=20), Dense(64), Dense(1)])'),
    )
  })
})

describe('a functional chain', () => {
  const source = script(
    'inputs = Input(shape=(28, 28, 1))',
    "x = Conv2D(32, (3, 3), activation='relu')(inputs)",
    'x = MaxPooling2D()(x)',
    'x = Conv2D(64, (3, 3))(x)',
    "x = Activation('relu')(BatchNormalization()(x))",
    'x = MaxPooling2D()(x)',
    'x = Flatten()(x)',
    "x = Dense(128, activation='relu')(x)",
    "outputs = Dense(10, activation='softmax')(x)",
    'model = Model(inputs, outputs)',
  )

  it('repeats and removes layers', () => {
    expect(structuresIn(source)).toEqual(['conv_blocks 2: 1-5', 'dense_layers 1: 1-4'])
    expect(grown(source, 'conv_blocks', 3)).toEqual([
      "+x = Conv2D(64, (3, 3), padding='same')(x)",
      "+x = Activation('relu')(BatchNormalization()(x))",
    ])
    expect(grown(source, 'conv_blocks', 1)).toEqual([
      '-x = Conv2D(64, (3, 3))(x)',
      "-x = Activation('relu')(BatchNormalization()(x))",
      '-x = MaxPooling2D()(x)',
    ])
    expect(grown(source, 'dense_layers', 2)).toEqual(["+x = Dense(128, activation='relu')(x)"])
  })

  it('feeds a copy with the output of the layer it follows', () => {
    const named = script(
      'img = Input((784,))',
      'h1 = Dense(64)(img)',
      'h2 = Dense(32)(h1)',
      'out = Dense(10)(h2)',
      'Model(img, out)',
    )
    expect(grown(named, 'dense_layers', 3)).toEqual(['+h2 = Dense(32)(h2)'])
    // Without the last layer nothing would set `h2`.
    expect(grown(named, 'dense_layers', 1)).toEqual(['not offered'])
  })

  it.each([
    ['a skip connection', 'x = Flatten()(x)', 's = x\nx = Flatten()(x)'],
    ['two paths', 'x = Flatten()(x)', 'y = Dense(4)(x)\nx = Flatten()(x)'],
    ['an addition', 'x = Flatten()(x)', 'x = add([x, inputs])\nx = Flatten()(x)'],
  ])('leaves a model with branches alone: %s', (_, line, other) => {
    expect(structuresIn(source.replace(line, other))).toEqual([])
  })
})

it('repeats layers of Flax', () => {
  const source = [
    'from flax import linen as nn',
    'class CNN(nn.Module):',
    '    @nn.compact',
    '    def __call__(self, x):',
    '        x = nn.Conv(features=32, kernel_size=(3, 3))(x)',
    '        x = nn.relu(x)',
    '        x = nn.avg_pool(x, window_shape=(2, 2), strides=(2, 2))',
    '        x = x.reshape((x.shape[0], -1))',
    '        x = nn.Dense(features=256)(x)',
    '        x = nn.relu(x)',
    '        return nn.Dense(features=10)(x)',
    'cnn = CNN()',
  ].join('\n')
  expect(structuresIn(source)).toEqual(['conv_blocks 1: 1-4', 'dense_layers 1: 1-4'])
  expect(grown(source, 'conv_blocks', 2)).toEqual([
    '+        x = nn.Conv(features=32, kernel_size=(3, 3))(x)',
    '+        x = nn.relu(x)',
  ])
})

describe('models of two halves', () => {
  it('are left alone: an autoencoder', () => {
    const source = script(
      'i = Input((784,))',
      'x = Dense(128)(i)',
      'x = Dense(32)(x)',
      'x = Dense(128)(x)',
      'o = Dense(784)(x)',
      'model = Model(i, o)',
    )
    expect(structuresIn(source)).toEqual([])
    expect(
      structuresIn(source.replace('model =', 'autoencoder =').replace('Dense(32)', 'Dense(256)')),
    ).toEqual([])
  })

  it('are left alone: a generator and a discriminator', () => {
    const source = script(
      'def build_generator():',
      '    return Sequential([Dense(64), Dense(784)])',
      'def build_discriminator():',
      '    return Sequential([Dense(64), Dense(1)])',
      'build_generator(), build_discriminator()',
    )
    expect(structuresIn(source)).toEqual([])
    const data = source
      .replaceAll('build_generator', 'data_generator')
      .replaceAll('build_discriminator', 'build')
    expect(structuresIn(data)).toHaveLength(2)
  })
})
