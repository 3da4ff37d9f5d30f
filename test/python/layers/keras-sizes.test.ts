import { describe, expect, it } from 'vitest'
import { frozenIn, sizesIn } from './learn.ts'

const HEAD = [
  'from tensorflow import keras',
  'from tensorflow.keras import layers',
  'from tensorflow.keras.models import Model, Sequential',
  'from tensorflow.keras.layers import *',
]
const script = (...lines: string[]) => `${[...HEAD, ...lines].join('\n')}\n`

describe('Sequential', () => {
  const LENET = [
    'model.add(Conv2D(6, (5, 5), activation="relu", input_shape=(32, 32, 3)))',
    'model.add(MaxPooling2D((2, 2)))',
    'model.add(Conv2D(16, 5, activation="relu"))',
    'model.add(MaxPooling2D())',
    'model.add(Flatten())',
    'model.add(Dense(120, activation="relu"))',
    'model.add(Dense(10))',
    'model.add(Activation("softmax"))',
  ]
  const sizes = [
    'filters 6:6',
    'kernel_size 5:6 5:6 [3 5 7]',
    'filters 16:8',
    'kernel_size 5:8 [3 5 7]',
    'units 120:11',
  ]

  it('frees all but the outputs, by add', () => {
    const source = script('model = Sequential()', ...LENET)
    expect(sizesIn(source)).toEqual(sizes)
    expect(frozenIn(source)).toMatchObject({
      'units 10:12': 'the number of outputs of the model',
      'input_shape 32:6': 'the shape of what goes in',
    })
  })

  it('frees all but the outputs, by a list', () => {
    const list = LENET.map((line) => line.replace('model.add(', '    ').replace(/\)$/, ','))
    expect(sizesIn(script('model = Sequential([', ...list, '])'))).toEqual(sizes)
  })

  it('frees all but the outputs in a function that only a library calls', () => {
    const body = ['model = Sequential()', ...LENET, 'return model'].map((line) => `    ${line}`)
    const source = script('def build():', ...body, 'KerasClassifier(build_fn=build)')
    expect(sizesIn(source)).toEqual(
      sizes.map((size) => size.replace(/:(\d+)/g, (_, line) => `:${Number(line) + 1}`)),
    )
  })

  it('lets filters only shrink where the image is not known', () => {
    const source = script('model = Sequential()', ...LENET).replace(
      'input_shape=(32, 32, 3)',
      'input_shape=x.shape',
    )
    expect(sizesIn(source).filter((size) => size.startsWith('kernel'))).toEqual([
      'kernel_size 5:6 5:6 [3 5]',
      'kernel_size 5:8 [3 5]',
    ])
    const small = script('model = Sequential()', ...LENET).replace('(32, 32, 3)', '(20, 20, 1)')
    expect(sizesIn(small).filter((size) => size.startsWith('kernel'))).toHaveLength(2)
    expect(sizesIn(small)).toContain('kernel_size 5:8 [3 5]')
  })

  it('frees a size with a name, unless it is used for something else', () => {
    const lines = ['units = 64', 'model = Sequential([Dense(units), Dense(units), Dense(3)])']
    expect(sizesIn(script(...lines))).toEqual(['units 64:5'])
    const noise = script(...lines, 'noise = np.random.normal(size=(16, units))')
    expect(frozenIn(noise)['units 64:5']).toBe('it is also used in line 7')
  })

  it('leaves alone what stands under a condition, and what is copied between models', () => {
    const source = script(
      'model = Sequential()',
      'model.add(Dense(64))',
      'if binary:',
      '    model.add(Dense(1))',
      'else:',
      '    model.add(Dense(7))',
    )
    expect(sizesIn(source)).toEqual(['units 64:6'])
    expect(sizesIn(`${source}other.get_layer("a").set_weights(w)\n`)).toEqual([])
  })

  it('reads the shapes of Keras 1', () => {
    const source = script(
      'model = Sequential()',
      'model.add(Convolution2D(32, 3, 3, border_mode="same", input_shape=(1, 28, 28)))',
      'model.add(Flatten())',
      'model.add(Dense(output_dim=128))',
      'model.add(Dense(10))',
    )
    expect(sizesIn(source)).toEqual(['filters 32:6', 'kernel_size 3:6 3:6 [3 5 7]', 'units 128:8'])
  })
})

describe('functional models', () => {
  it('frees units, and leaves those alone that are added to others', () => {
    const source = script(
      'inputs = Input(shape=(20,))',
      'x = Dense(64, activation="relu")(inputs)',
      'y = Dense(32)(x)',
      'z = Dense(32)(y)',
      'z = Add()([y, z])',
      'a = Dense(16)(z)',
      'b = concatenate([a, Dense(8)(z)])',
      'outputs = Dense(5)(b)',
      'model = Model(inputs, outputs)',
    )
    expect(sizesIn(source)).toEqual(['units 64:6', 'units 16:10', 'units 8:11'])
    expect(frozenIn(source)).toEqual({
      'shape 20:5': 'the shape of what goes in',
      'units 32:7': 'it is joined with another tensor',
      'units 32:8': 'it is joined with another tensor',
      'units 5:12': 'the number of outputs of the model',
    })
  })

  it('leaves what is reshaped alone, and the sizes around it', () => {
    const source = script(
      'z = Input(shape=(100,))',
      'x = Dense(256)(z)',
      'x = Dense(7 * 7 * 64)(x)',
      'x = Reshape((7, 7, 64))(x)',
      'x = Conv2DTranspose(32, 4, strides=2, padding="same")(x)',
      'x = Conv2DTranspose(1, 4, strides=2, padding="same")(x)',
      'generator = Model(z, x)',
    )
    expect(sizesIn(source)).toEqual([
      'units 256:6',
      'filters 32:9',
      'kernel_size 4:9 [3 4 5 7]',
      'kernel_size 4:10 [3 4 5 7]',
    ])
  })

  it('keeps filters whose image is joined with another', () => {
    const source = script(
      'i = Input((32, 32, 3))',
      'a = Conv2D(8, 3)(i)',
      'b = Conv2D(8, 3)(i)',
      'x = concatenate([a, b])',
      'x = GlobalAveragePooling2D()(x)',
      'Model(i, Dense(2)(x))',
    )
    expect(sizesIn(source)).toEqual(['filters 8:6', 'filters 8:7'])
    expect(frozenIn(source)['kernel_size 3:6']).toBe('it is joined with another tensor')
  })
})

it('knows recurrent layers, embeddings and attention', () => {
  const source = script(
    'model = Sequential()',
    'model.add(Embedding(20000, 128, input_length=80))',
    'model.add(Bidirectional(LSTM(64, return_sequences=True)))',
    'model.add(GRU(units=32))',
    'model.add(Dense(1, activation="sigmoid"))',
  )
  expect(sizesIn(source)).toEqual(['embedding_dim 128:6', 'units 64:7', 'units 32:8'])
  expect(frozenIn(source)['input_dim 20000:6']).toBe('the size of the vocabulary')
  expect(sizesIn(source.replace('input_length=80', 'weights=[vectors]'))).toEqual([
    'units 64:7',
    'units 32:8',
  ])
})

it('knows models as classes', () => {
  const source = script(
    'class Net(keras.Model):',
    '    def __init__(self, units=64):',
    '        super().__init__()',
    '        self.a = layers.Dense(units, activation="relu")',
    '        self.drop = layers.Dropout(0.5)',
    '        self.b = layers.Dense(10)',
    '    def call(self, x, training=False):',
    '        return self.b(self.drop(self.a(x), training=training))',
    'model = Net()',
    'model.compile("adam", "mse")',
  )
  expect(sizesIn(source)).toEqual(['units 64:6'])
  expect(frozenIn(source)).toEqual({ 'units 10:10': 'the number of outputs of the model' })
})

describe('JAX', () => {
  it('knows Flax modules', () => {
    const source = [
      'from flax import linen as nn',
      'class CNN(nn.Module):',
      '    @nn.compact',
      '    def __call__(self, x):',
      '        x = nn.Conv(features=32, kernel_size=(3, 3))(x)',
      '        x = nn.avg_pool(nn.relu(x), window_shape=(2, 2), strides=(2, 2))',
      '        x = x.reshape((x.shape[0], -1))',
      '        x = nn.relu(nn.Dense(features=256)(x))',
      '        return nn.Dense(features=10)(x)',
      'cnn = CNN()',
    ].join('\n')
    expect(sizesIn(source)).toEqual(['filters 32:5', 'kernel_size 3:5 3:5 [3 5 7]', 'units 256:8'])
  })

  it('knows Haiku and stax', () => {
    const haiku = [
      'import haiku as hk, jax',
      'def net(x):',
      '    mlp = hk.Sequential([hk.Flatten(), hk.Linear(300), jax.nn.relu, hk.Linear(10)])',
      '    return mlp(x)',
      'network = hk.transform(net)',
    ].join('\n')
    expect(sizesIn(haiku)).toEqual(['units 300:3'])
    const stax = [
      'from jax.example_libraries import stax',
      'from jax.example_libraries.stax import Dense, Relu',
      'init, predict = stax.serial(Dense(512), Relu, Dense(10))',
    ].join('\n')
    expect(sizesIn(stax)).toEqual(['units 512:3'])
  })
})
