// Drives kafkajs for tests; OtherClient documents commands and lines. The codecs that kafkajs leaves to others are ones in JavaScript.
'use strict'

const readline = require('node:readline')
const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = require('kafkajs')
const Cluster = require('kafkajs/src/cluster')
const { createLogger } = require('kafkajs/src/loggers')
const LoggerConsole = require('kafkajs/src/loggers/console')
const socketFactory = require('kafkajs/src/network/socketFactory')
const lz4 = require('lz4js')
const xxh32 = require('lz4js/xxh32')
const { ZstdCodec } = require('zstd-codec')

const TYPES = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
}
const BATCH_BYTES = 300000
const FETCH_BYTES = 4 << 20

const decoded = text => (text === '~' ? null : Buffer.from(text.slice(1), 'base64'))
const encoded = data => (data === null ? '~' : '+' + Buffer.from(data).toString('base64'))

const commands = {
  async create(kafka, topic, partitions) {
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic, numPartitions: Number(partitions), replicationFactor: 1 }] })
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    console.log(topics[0].partitions.length)
    await admin.disconnect()
  },

  async produce(kafka, topic, codec) {
    const producer = kafka.producer({ idempotent: true })
    await producer.connect()
    let batch = []
    let bytes = 0
    const send = async () => {
      const first = new Map()
      for (const { partition, offset } of batch) {
        first.set(partition, first.get(partition) ?? offset)
      }
      const answers = await producer.send({ topic, acks: -1, compression: TYPES[codec], messages: batch })
      for (const { partition, baseOffset } of answers) {
        if (baseOffset !== first.get(partition)) {
          throw new Error(`partition ${partition}: ${first.get(partition)} acknowledged at ${baseOffset}`)
        }
      }
      batch = []
      bytes = 0
    }
    for await (const line of readline.createInterface({ input: process.stdin })) {
      const [partition, offset, timestamp, key, value, pairs] = line.split(' ')
      const headers = {}
      for (const pair of pairs === '-' ? [] : pairs.split(',')) {
        const [name, content] = pair.split(':').map(decoded)
        headers[name.toString()] = [...(headers[name.toString()] ?? []), content]
      }
      // All that one call sends to a partition becomes one batch.
      if (batch.length > 0 && bytes + value.length > BATCH_BYTES) {
        await send()
      }
      batch.push({ partition: Number(partition), offset, timestamp, key: decoded(key), value: decoded(value), headers })
      bytes += value.length
    }
    await send()
    await producer.disconnect()
  },

  // The consumer of kafkajs cannot do without a group. What it fetches and decodes with can.
  async consume(kafka, topic, partitions, brokers) {
    const cluster = new Cluster({
      logger: createLogger({ level: logLevel.ERROR, logCreator: LoggerConsole }),
      socketFactory: socketFactory(),
      brokers,
      clientId: 'kafkajs',
      connectionTimeout: 10000,
      metadataMaxAge: 300000,
    })
    await cluster.connect()
    await cluster.addTargetTopic(topic)
    const all = Array.from({ length: Number(partitions) }, (_, partition) => partition)
    const leaders = cluster.findLeaderForPartitions(topic, all)
    for (const [nodeId, led] of Object.entries(leaders)) {
      const broker = await cluster.findBroker({ nodeId })
      let left = led.map(partition => ({ partition, fetchOffset: 0, maxBytes: FETCH_BYTES }))
      while (left.length > 0) {
        const { responses } = await broker.fetch({ maxBytes: FETCH_BYTES, topics: [{ topic, partitions: left }] })
        for (const { partition, messages, highWatermark } of responses[0].partitions) {
          const place = left.find(one => one.partition === partition)
          for (const message of messages) {
            // A batch comes whole, from its first record on.
            if (BigInt(message.offset) >= BigInt(place.fetchOffset)) {
              print(partition, message)
              place.fetchOffset = (BigInt(message.offset) + 1n).toString()
            }
          }
          left = left.filter(one => one !== place || BigInt(place.fetchOffset) < BigInt(highWatermark))
        }
      }
    }
    await cluster.disconnect()
  },

  async offsets(kafka, topic, partitions, timestamp) {
    const admin = kafka.admin()
    await admin.connect()
    const ends = await admin.fetchTopicOffsets(topic)
    const times = await admin.fetchTopicOffsetsByTimestamp(topic, Number(timestamp))
    for (const { partition, low, high } of ends) {
      console.log(partition, low, high, times.find(one => one.partition === partition).offset)
    }
    await admin.disconnect()
  },

  async group(kafka, topic, groupId) {
    const consumer = kafka.consumer({ groupId, sessionTimeout: 10000, heartbeatInterval: 200, maxWaitTimeInMs: 200 })
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    process.on('SIGTERM', () => consumer.disconnect())
    await consumer.run({
      autoCommit: false,
      async eachMessage({ partition, message }) {
        process.stdout.write(`${partition} ${message.offset}\n`)
        await consumer.commitOffsets([{ topic, partition, offset: (BigInt(message.offset) + 1n).toString() }])
      },
    })
    await new Promise(resolve => consumer.on(consumer.events.DISCONNECT, resolve))
  },
}

function print(partition, { offset, timestamp, key, value, headers }) {
  const pairs = Object.entries(headers).flatMap(([name, contents]) =>
    [contents].flat().map(content => encoded(Buffer.from(name)) + ':' + encoded(content))
  )
  process.stdout.write(
    `${partition} ${offset} ${timestamp} ${encoded(key)} ${encoded(value)} ${pairs.join(',') || '-'}\n`
  )
}

// lz4js says of every frame that its blocks lean on each other, which Kafka's clients and brokers refuse. Batches here have one block each.
function independent(frame) {
  frame[4] |= 0x20
  frame[6] = xxh32.hash(0, frame, 4, 2) >> 8
  return frame
}

function useCodecs(zstd) {
  CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy')
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: async encoder => independent(Buffer.from(lz4.compress(encoder.buffer))),
    decompress: async buffer => Buffer.from(lz4.decompress(buffer)),
  })
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: async encoder => Buffer.from(zstd.compress(encoder.buffer, 3)),
    decompress: async buffer => Buffer.from(zstd.decompress(buffer)),
  })
}

const [command, bootstrap, topic, ...more] = process.argv.slice(2)
const brokers = [bootstrap]
ZstdCodec.run(async codec => {
  useCodecs(new codec.Streaming())
  try {
    await commands[command](new Kafka({ brokers, clientId: 'kafkajs', logLevel: logLevel.ERROR }), topic, ...more, brokers)
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
})
